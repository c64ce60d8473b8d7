import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { placeOf } from '@/lib/reference';
import { AddIcon, ClearIcon, EditIcon, PrivateIcon } from '@/ui/icons';
import { LabelMark } from '@/ui/LabelMark';
import { Panel } from '@/ui/Panel';
import { TagExpiry } from '@/ui/TagExpiry';
import { TextLink } from '@/ui/TextLink';
import type { ArtifactActions } from './actions';
import classes from './Artifact.module.css';

const most = 24;

interface Props {
  place: Place;
  artifact: Artifact;
  actions: ArtifactActions;
}

/** What people call the artifact: its tags and its labels. */
export function Names({ place, artifact, actions }: Props) {
  const { t } = useTranslation();
  const tags = artifact.tags ?? [];
  const labels = artifact.labels ?? [];
  const { onTag, onUntag, onLabel } = actions;
  return (
    <Panel title={t('artifacts.names')}>
      <Stack gap="md">
        <div>
          <Heading text={t('artifacts.tags')} />
          <Group gap={6}>
            {tags.slice(0, most).map((tag) => (
              <span key={tag.name} className={classes.chip}>
                <TextLink to="/projects/$project/repositories/$" params={{ project: place.project, _splat: placeOf(place.repository, tag.name) }} size="sm">
                  {tag.name}
                </TextLink>
                <TagExpiry time={tag.expire_time} />
                {tag.immutable ? (
                  <span role="img" aria-label={t('artifacts.immutable')} title={t('artifacts.immutableText')} className={classes.lock}>
                    <PrivateIcon size={13} aria-hidden />
                  </span>
                ) : (
                  onUntag && (
                    <ActionIcon size={24} variant="subtle" color="gray" aria-label={t('artifacts.deleteTagNamed', { name: tag.name })} onClick={() => onUntag(tag.name)}>
                      <ClearIcon size={13} />
                    </ActionIcon>
                  )
                )}
              </span>
            ))}
            {tags.length > most && (
              <TextLink to="." search={{ tab: 'tags' }} size="sm">
                {t('artifacts.moreTags', { count: tags.length - most })}
              </TextLink>
            )}
            {tags.length === 0 && <Nothing text={t('artifacts.noTags')} />}
            {onTag && (
              <Button size="compact-sm" variant="subtle" leftSection={<AddIcon size={14} />} onClick={onTag}>
                {t('artifacts.addTag')}
              </Button>
            )}
          </Group>
        </div>
        <div>
          <Heading text={t('artifacts.labels')} />
          <Group gap={6}>
            {labels.map((label) => (
              <LabelMark key={label.id} name={label.name} color={label.color} />
            ))}
            {labels.length === 0 && <Nothing text={t('artifacts.noLabelsHere')} />}
            {onLabel && (
              <Button size="compact-sm" variant="subtle" leftSection={<EditIcon size={14} />} onClick={onLabel}>
                {t('artifacts.editLabels')}
              </Button>
            )}
          </Group>
        </div>
      </Stack>
    </Panel>
  );
}

const Heading = ({ text }: { text: string }) => (
  <Text size="xs" c="dimmed" fw={550} mb={6}>
    {text}
  </Text>
);

const Nothing = ({ text }: { text: string }) => (
  <Text span size="sm" c="dimmed">
    {text}
  </Text>
);
