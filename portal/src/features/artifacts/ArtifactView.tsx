import { Badge, Button, Group, Menu, Stack, Tabs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { isSignature } from '@/lib/accessory';
import { shortDigest } from '@/lib/reference';
import { CopyCommand } from '@/ui/CopyCommand';
import { Digest } from '@/ui/Digest';
import { DeleteIcon, SignedIcon, TagIcon } from '@/ui/icons';
import { Kind } from '@/ui/Kind';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { Size } from '@/ui/Size';
import { TimeAgo } from '@/ui/TimeAgo';
import { useListState } from '@/ui/useListState';
import { Manifest } from './Manifest';
import { Overview } from './Overview';
import { PlatformSwitch, usePlatform } from './PlatformSwitch';
import { Referrers } from './Referrers';
import { TagList } from './TagList';
import classes from './Artifact.module.css';

interface Props {
  project: string;
  repository: string;
  tag: string | undefined;
  host: string;
  artifact: Artifact;
  crumbs: ReactNode[];
  mayTag: boolean;
  mayUntag: boolean;
  mayDelete: boolean;
  onTag: () => void;
  onDelete: () => void;
}

const tabs = ['overview', 'tags', 'referrers', 'manifest'] as const;
type Tab = (typeof tabs)[number];
const isTab = (value: unknown): value is Tab => tabs.some((tab) => tab === value);

export function ArtifactView(props: Props) {
  const { project, repository, tag, host, artifact, crumbs } = props;
  const { t } = useTranslation();
  const { search, set } = useListState();
  const tab: Tab = isTab(search.tab) ? search.tab : 'overview';
  const accessories = artifact.accessories ?? [];
  const platform = usePlatform(artifact);
  const counts: Partial<Record<Tab, number>> = { tags: artifact.tags?.length ?? 0, referrers: accessories.length };
  const place = { project, repository };

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
        actions={<Actions {...props} />}
      />
      <Stack gap="lg">
        <Panel>
          <CopyCommand host={host} repository={`${project}/${repository}`} tag={tag} digest={artifact.digest} />
        </Panel>
        <Tabs value={tab} onChange={(next) => set({ tab: next === 'overview' || !isTab(next) ? undefined : next })} keepMounted={false}>
          <Tabs.List mb="lg" className={classes.tabs}>
            {tabs.map((name) => (
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
          <Tabs.Panel value="overview">
            <PlatformSwitch artifact={artifact} platform={platform} onChoose={(digest) => set({ platform: digest })} />
            <Overview {...place} artifact={artifact} digest={platform?.child_digest ?? artifact.digest} />
          </Tabs.Panel>
          <Tabs.Panel value="tags">
            <TagList {...place} digest={artifact.digest} mayDelete={props.mayUntag} current={tag} />
          </Tabs.Panel>
          <Tabs.Panel value="referrers">
            <Referrers {...place} accessories={accessories} />
          </Tabs.Panel>
          <Tabs.Panel value="manifest">
            <PlatformSwitch
              artifact={artifact}
              platform={platform}
              whole={t('artifacts.index')}
              onChoose={(digest) => set({ platform: digest })}
            />
            <Manifest {...place} artifact={artifact} digest={search.platform ?? artifact.digest} />
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

function Actions({ mayTag, mayDelete, onTag, onDelete, artifact }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {mayTag && (
        <Button variant="default" leftSection={<TagIcon size={16} />} onClick={onTag}>
          {t('artifacts.addTag')}
        </Button>
      )}
      {mayDelete && (
        <RowMenu label={t('common.actionsFor', { name: shortDigest(artifact.digest) })}>
          <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={onDelete}>
            {t('artifacts.delete')}
          </Menu.Item>
        </RowMenu>
      )}
    </>
  );
}
