import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { DeletedProject } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { RecycleBinIcon, RestoreIcon, SearchIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { SearchInput } from '@/ui/SearchInput';
import { Size } from '@/ui/Size';
import { TimeAgo } from '@/ui/TimeAgo';
import { pageSize } from './api';
import { Until } from './Until';
import { WhatToShow } from './WhatToShow';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  projects: { data: Page<DeletedProject> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  onRestore: (project: DeletedProject) => void;
}

export function DeletedProjectsView({ search, onSearch, projects, onRestore }: Props) {
  const { t } = useTranslation();
  const columns: Column<DeletedProject>[] = [
    { id: 'name', header: t('recycleBin.project'), grow: true, sort: 'name', cell: (row) => <Name row={row} /> },
    { id: 'kept', header: t('recycleBin.kept'), align: 'right', above: 'md', cell: (row) => <Size bytes={row.recoverable} /> },
    { id: 'who', header: t('recycleBin.deletedBy'), above: 'md', cell: (row) => row.operator || '–' },
    { id: 'deleted', header: t('recycleBin.deleted'), align: 'right', sort: 'delete_time', above: 'sm', cell: (row) => <TimeAgo time={row.delete_time} /> },
    { id: 'until', header: t('recycleBin.until'), align: 'right', cell: (row) => <Until time={row.restorable_until} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (row) => (
        <Button
          size="xs"
          variant="default"
          leftSection={<RestoreIcon size={16} />}
          aria-label={t('recycleBin.projectRestore', { name: row.name })}
          onClick={() => onRestore(row)}
        >
          {t('recycleBin.restore')}
        </Button>
      ),
    },
  ];
  return (
    <Panel flush>
      <FilterBar>
        <SearchInput label={t('projects.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
        <WhatToShow search={search} onSearch={onSearch} projects />
      </FilterBar>
      <DataTable
        label={t('recycleBin.projects')}
        columns={columns}
        rows={projects.data?.items}
        rowKey={(row) => row.project_id}
        error={projects.error}
        onRetry={() => void projects.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        stale={projects.isPlaceholderData}
        sort={search.sort ?? '-delete_time'}
        onSort={(sort) => onSearch({ sort })}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={projects.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          search.q ? (
            <EmptyState icon={SearchIcon} title={t('projects.noMatch')} text={t('projects.noMatchText')}>
              <Button variant="light" onClick={() => onSearch({ q: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={RecycleBinIcon} title={t('recycleBin.noProjects')} text={t('recycleBin.noProjectsText')} />
          )
        }
      />
    </Panel>
  );
}

function Name({ row }: { row: DeletedProject }) {
  const { t } = useTranslation();
  return (
    <Stack gap={0}>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {row.name}
      </Text>
      <Text size="xs" c="dimmed">
        {t('projects.repositoryCount', { count: row.repository_count })} · {t('recycleBin.holds', { count: row.artifact_count })}
        {row.name_taken && ` · ${t('recycleBin.nameTaken')}`}
      </Text>
    </Stack>
  );
}
