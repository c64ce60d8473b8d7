import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { isSignature } from '@/lib/accessory';
import { placeOf, shortDigest } from '@/lib/reference';
import { PrivateIcon, SignedIcon } from '@/ui/icons';
import { LabelMark } from '@/ui/LabelMark';
import { Size } from '@/ui/Size';
import { TagExpiry } from '@/ui/TagExpiry';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import classes from './Repositories.module.css';

const most = 6;

/** The names by which people know an artifact, its digest only where it has none; and the marks it carries. */
export function Tags({ project, repository, artifact }: { project: string; repository: string; artifact: Artifact }) {
  const { t } = useTranslation();
  const tags = artifact.tags ?? [];
  const labels = artifact.labels ?? [];
  const to = '/projects/$project/repositories/$';
  const signed = artifact.accessories?.some((accessory) => isSignature(accessory.type));
  return (
    <div className={classes.tags}>
      {tags.slice(0, most).map((tag) => (
        <span key={tag.name} className={classes.tag}>
          <TextLink to={to} params={{ project, _splat: placeOf(repository, tag.name) }} fw={620} size="sm">
            {tag.name}
          </TextLink>
          {tag.immutable && (
            <span role="img" aria-label={t('artifacts.immutable')} title={t('artifacts.immutableText')} className={classes.lock}>
              <PrivateIcon size={13} aria-hidden />
            </span>
          )}
          <TagExpiry time={tag.expire_time} />
        </span>
      ))}
      {tags.length > most && (
        <Text span size="xs" c="dimmed">
          {t('artifacts.moreTags', { count: tags.length - most })}
        </Text>
      )}
      {tags.length === 0 && (
        <TextLink to={to} params={{ project, _splat: placeOf(repository, artifact.digest) }} size="sm" className="mono">
          {shortDigest(artifact.digest)}
        </TextLink>
      )}
      {signed && (
        <Badge color="green" size="sm" leftSection={<SignedIcon size={12} />}>
          {t('artifacts.signed')}
        </Badge>
      )}
      {labels.map((label) => (
        <LabelMark key={label.id} name={label.name} color={label.color} />
      ))}
      <Text size="xs" c="dimmed" hiddenFrom="sm" w="100%">
        <Size bytes={artifact.size} /> · <TimeAgo time={artifact.push_time} />
      </Text>
    </div>
  );
}
