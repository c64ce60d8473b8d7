import { Button, Menu, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Artifact } from '@/api/types';
import { joinReference } from '@/lib/reference';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { Digest } from '@/ui/Digest';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { CopyIcon, DeleteIcon, SearchIcon, TagIcon } from '@/ui/icons';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { PushCommands } from '@/ui/PushCommands';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { Size } from '@/ui/Size';
import { TimeAgo } from '@/ui/TimeAgo';
import { copyText } from '@/ui/useCopy';
import { pageSize } from './api';
import { Platforms } from './Platforms';
import { Tags } from './Tags';

interface Props {
  project: string;
  repository: string;
  host: string;
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  artifacts: { data: Page<Artifact> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  owner: string | undefined;
  mayPush: boolean;
  mayDelete: boolean;
  onDelete: (artifact: Artifact) => void;
}

export function RepositoryView(props: Props) {
  const { project, repository, host, search, onSearch, artifacts, owner, mayPush, mayDelete, onDelete } = props;
  const { t } = useTranslation();
  const show = search.show ?? 'tagged';
  const columns: Column<Artifact>[] = [
    {
      id: 'tags',
      header: t('artifacts.tags'),
      grow: true,
      cell: (artifact) => <Tags project={project} repository={repository} artifact={artifact} />,
    },
    { id: 'platforms', header: t('artifacts.platforms'), above: 'md', cell: (artifact) => <Platforms artifact={artifact} /> },
    { id: 'size', header: t('artifacts.size'), align: 'right', sort: 'size', above: 'sm', cell: (artifact) => <Size bytes={artifact.size} /> },
    { id: 'pushed', header: t('artifacts.pushed'), align: 'right', sort: 'push_time', cell: (artifact) => <TimeAgo time={artifact.push_time} /> },
    {
      id: 'pulled',
      header: t('artifacts.pulled'),
      align: 'right',
      sort: 'pull_time',
      above: 'md',
      cell: (artifact) => <TimeAgo time={artifact.pull_time} />,
    },
    { id: 'digest', header: t('artifacts.digest'), above: 'lg', cell: (artifact) => <Digest digest={artifact.digest} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (artifact) => <Actions {...{ project, repository, host, artifact, mayDelete, onDelete }} />,
    },
  ];
  return (
    <Panel flush>
      <FilterBar>
        <SearchInput label={t('artifacts.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
        <SegmentedControl
          size="xs"
          aria-label={t('artifacts.shown')}
          value={show}
          onChange={(next) => onSearch({ q: undefined, show: next === 'tagged' ? undefined : next })}
          data={[
            { value: 'tagged', label: t('artifacts.tagged') },
            { value: 'untagged', label: t('artifacts.untagged') },
            { value: 'all', label: t('artifacts.all') },
          ]}
        />
      </FilterBar>
      <DataTable
        label={t('artifacts.tags')}
        columns={columns}
        rows={artifacts.data?.items}
        rowKey={(artifact) => artifact.digest}
        error={artifacts.error}
        onRetry={() => void artifacts.refetch()}
        denied={{ needs: t('role.anyMember'), owner }}
        stale={artifacts.isPlaceholderData}
        sort={search.sort ?? '-push_time'}
        onSort={(sort) => onSearch({ sort })}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={artifacts.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          search.q || search.show ? (
            <EmptyState icon={SearchIcon} title={t('artifacts.noMatch')} text={t('artifacts.noMatchText')}>
              <Button variant="light" onClick={() => onSearch({ q: undefined, show: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={TagIcon} title={t('artifacts.none')} text={t('artifacts.noneText')}>
              {mayPush && <PushCommands host={host} project={project} />}
            </EmptyState>
          )
        }
      />
    </Panel>
  );
}

interface ActionsProps {
  project: string;
  repository: string;
  host: string;
  artifact: Artifact;
  mayDelete: boolean;
  onDelete: (artifact: Artifact) => void;
}

function Actions({ project, repository, host, artifact, mayDelete, onDelete }: ActionsProps) {
  const { t } = useTranslation();
  const name = artifact.tags?.[0]?.name ?? artifact.digest;
  async function copyReference(reference: string) {
    if (await copyText(`${host}/${joinReference(`${project}/${repository}`, reference)}`)) notify.done(t('artifacts.referenceCopied'));
  }
  return (
    <RowMenu label={t('common.actionsFor', { name })}>
      <Menu.Item leftSection={<CopyIcon size={16} />} onClick={() => void copyReference(name)}>
        {t('artifacts.copyReference')}
      </Menu.Item>
      <Menu.Item leftSection={<CopyIcon size={16} />} onClick={() => void copyReference(artifact.digest)}>
        {t('artifacts.copyPinned')}
      </Menu.Item>
      {mayDelete && (
        <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onDelete(artifact)}>
          {t('artifacts.delete')}
        </Menu.Item>
      )}
    </RowMenu>
  );
}
