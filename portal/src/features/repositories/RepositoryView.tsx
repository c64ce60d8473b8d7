import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Artifact, Label } from '@/api/types';
import { shortDigest } from '@/lib/reference';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { Digest } from '@/ui/Digest';
import { EmptyState } from '@/ui/EmptyState';
import { SearchIcon, TagIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { PushCommands } from '@/ui/PushCommands';
import { Size } from '@/ui/Size';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Selection } from '@/ui/useSelection';
import { pageSize } from './api';
import { ArtifactFilters } from './ArtifactFilters';
import { ArtifactMenu, type ArtifactActions } from './ArtifactMenu';
import { Platforms } from './Platforms';
import { Tags } from './Tags';

interface Props {
  project: string;
  repository: string;
  host: string;
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  artifacts: { data: Page<Artifact> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  /** that can be filtered by; undefined: the reader may not see any */
  labels: readonly Label[] | undefined;
  selection: Selection<Artifact>;
  owner: string | undefined;
  mayPush: boolean;
  actions: ArtifactActions;
}

export const nameOf = (artifact: Artifact) => artifact.tags?.[0]?.name ?? shortDigest(artifact.digest);

export function RepositoryView(props: Props) {
  const { project, repository, host, search, onSearch, artifacts, selection, actions } = props;
  const { t } = useTranslation();
  const columns: Column<Artifact>[] = [
    selection.column(artifacts.data?.items, nameOf),
    {
      id: 'tags',
      header: t('artifacts.tags'),
      grow: true,
      cell: (artifact) => <Tags project={project} repository={repository} artifact={artifact} />,
    },
    { id: 'platforms', header: t('artifacts.platforms'), above: 'md', cell: (artifact) => <Platforms artifact={artifact} /> },
    { id: 'size', header: t('artifacts.size'), align: 'right', sort: 'size', above: 'sm', cell: (artifact) => <Size bytes={artifact.size} /> },
    { id: 'pushed', header: t('artifacts.pushed'), align: 'right', sort: 'push_time', above: 'sm', cell: (artifact) => <TimeAgo time={artifact.push_time} /> },
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
      cell: (artifact) => <ArtifactMenu {...{ project, repository, host, artifact, actions }} />,
    },
  ];
  return (
    <Panel flush>
      <ArtifactFilters search={search} onSearch={onSearch} labels={props.labels} />
      <DataTable
        label={t('artifacts.tags')}
        columns={columns}
        rows={artifacts.data?.items}
        rowKey={(artifact) => artifact.digest}
        error={artifacts.error}
        onRetry={() => void artifacts.refetch()}
        denied={{ needs: t('role.anyMember'), owner: props.owner }}
        stale={artifacts.isPlaceholderData}
        sort={search.sort ?? '-push_time'}
        onSort={(sort) => onSearch({ sort })}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={artifacts.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={<Nothing {...props} />}
      />
    </Panel>
  );
}

function Nothing({ project, repository, host, search, onSearch, mayPush }: Props) {
  const { t } = useTranslation();
  if (search.q || search.show || search.kind || search.label) {
    return (
      <EmptyState icon={SearchIcon} title={t('artifacts.noMatch')} text={t('artifacts.noMatchText')}>
        <Button variant="light" onClick={() => onSearch({ q: undefined, show: undefined, kind: undefined, label: undefined })}>
          {t('common.clearFilters')}
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={TagIcon} title={t('artifacts.none')} text={mayPush ? t('artifacts.noneText') : t('artifacts.noneReadOnly')}>
      {mayPush && <PushCommands host={host} project={project} repository={repository} />}
    </EmptyState>
  );
}
