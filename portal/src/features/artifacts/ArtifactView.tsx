import { Badge, Button, Group, Stack, Tabs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { isSignature } from '@/lib/accessory';
import { shortDigest } from '@/lib/reference';
import { CopyCommand } from '@/ui/CopyCommand';
import { Digest } from '@/ui/Digest';
import { CopyToIcon, DeleteIcon, LabelIcon, SignedIcon, TagIcon } from '@/ui/icons';
import { Kind } from '@/ui/Kind';
import { Menu } from '@/ui/Menu';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { Size } from '@/ui/Size';
import { TimeAgo } from '@/ui/TimeAgo';
import { useListState } from '@/ui/useListState';
import type { ArtifactActions } from './actions';
import { TabContent } from './TabContent';
import { tabFrom, tabsOf, type Tab } from './tabs';
import classes from './Artifact.module.css';

interface Props {
  place: Place;
  tag: string | undefined;
  host: string;
  artifact: Artifact;
  crumbs: ReactNode[];
  actions: ArtifactActions;
}

export function ArtifactView({ place, tag, host, artifact, crumbs, actions }: Props) {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const offered = tabsOf(artifact);
  const tab = tabFrom(search.tab, offered);
  const accessories = artifact.accessories ?? [];
  const counts: Partial<Record<Tab, number>> = { tags: artifact.tags?.length ?? 0, referrers: accessories.length };

  return (
    <>
      <PageHeader
        title={tag ?? shortDigest(artifact.digest)}
        crumbs={crumbs}
        aside={accessories.some((accessory) => isSignature(accessory.type)) && (
          <Badge color="green" leftSection={<SignedIcon size={12} />}>
            {t('artifacts.signed')}
          </Badge>
        )}
        text={<Summary artifact={artifact} />}
        actions={<Actions artifact={artifact} actions={actions} />}
      />
      <Stack gap="lg">
        <Panel>
          <CopyCommand host={host} repository={`${place.project}/${place.repository}`} tag={tag} digest={artifact.digest} type={artifact.type} />
        </Panel>
        <Tabs value={tab} onChange={(next) => set({ tab: next === 'overview' ? undefined : (next ?? undefined) })} keepMounted={false}>
          <Tabs.List mb="lg" className={classes.tabs}>
            {offered.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`artifacts.tabs.${name}`)}
                {counts[name] !== undefined && (
                  <Text span inherit c="dimmed" ml={6} className="tabular">
                    {counts[name]}
                  </Text>
                )}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={tab}>
            <TabContent tab={tab} place={place} artifact={artifact} actions={actions} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  );
}

function Summary({ artifact }: { artifact: Artifact }) {
  const { t } = useTranslation();
  return (
    <Group gap="4px 20px">
      <Kind type={artifact.type} />
      <Size bytes={artifact.size} />
      <span>
        {t('artifacts.pushedAgo')} <TimeAgo time={artifact.push_time} />
      </span>
      <span>
        {t('artifacts.pulledAgo')} <TimeAgo time={artifact.pull_time} />
      </span>
      <Digest digest={artifact.digest} />
    </Group>
  );
}

function Actions({ artifact, actions }: { artifact: Artifact; actions: ArtifactActions }) {
  const { t } = useTranslation();
  const { onTag, onLabel, onCopy, onDelete } = actions;
  return (
    <>
      {onTag && (
        <Button variant="default" leftSection={<TagIcon size={16} />} onClick={onTag}>
          {t('artifacts.addTag')}
        </Button>
      )}
      {(onLabel ?? onCopy ?? onDelete) && (
        <RowMenu label={t('common.actionsFor', { name: shortDigest(artifact.digest) })}>
          {onLabel && (
            <Menu.Item leftSection={<LabelIcon size={16} />} onClick={onLabel}>
              {t('artifacts.editLabels')}
            </Menu.Item>
          )}
          {onCopy && (
            <Menu.Item leftSection={<CopyToIcon size={16} />} onClick={onCopy}>
              {t('artifacts.copyToMenu')}
            </Menu.Item>
          )}
          {onDelete && (
            <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={onDelete}>
              {t('artifacts.delete')}
            </Menu.Item>
          )}
        </RowMenu>
      )}
    </>
  );
}
