import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Repository } from '@/api/types';
import { withoutProject } from '@/lib/reference';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { useFormat } from '@/ui/format';
import { DeleteIcon, RepositoryIcon, SearchIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { PushCommands } from '@/ui/PushCommands';
import { Menu } from '@/ui/Menu';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { pageSize } from './api';

interface Props {
  project: string;
  host: string;
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  repositories: { data: Page<Repository> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  owner: string | undefined;
  mayPush: boolean;
  mayDelete: boolean;
  onDelete: (repository: Repository) => void;
}

export function RepositoriesView(props: Props) {
  const { project, host, search, onSearch, repositories, owner, mayPush, mayDelete, onDelete } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<Repository>[] = [
    {
      id: 'name',
      header: t('repositories.name'),
      sort: 'name',
      grow: true,
      cell: (repository) => (
        <Group gap={10} wrap="nowrap">
          <RepositoryIcon size={18} stroke={1.6} color="var(--mantine-color-dimmed)" style={{ flex: 'none' }} aria-hidden />
          <TextLink
            to="/projects/$project/repositories/$"
            params={{ project, _splat: withoutProject(repository.name, project) }}
            fw={600}
            size="sm"
            style={{ overflowWrap: 'anywhere' }}
          >
            {withoutProject(repository.name, project)}
          </TextLink>
        </Group>
      ),
    },
    {
      id: 'artifacts',
      header: t('repositories.artifacts'),
      align: 'right',
      above: 'sm',
      cell: (repository) => <span className="tabular">{format.number(repository.artifact_count ?? 0)}</span>,
    },
    {
      id: 'pulls',
      header: t('repositories.pulls'),
      align: 'right',
      above: 'sm',
      cell: (repository) => <span className="tabular">{format.number(repository.pull_count ?? 0)}</span>,
    },
    { id: 'updated', header: t('common.updated'), sort: 'update_time', align: 'right', cell: (repository) => <TimeAgo time={repository.update_time} /> },
  ];
  if (mayDelete) {
    columns.push({
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (repository) => (
        <RowMenu label={t('common.actionsFor', { name: repository.name })}>
          <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onDelete(repository)}>
            {t('repositories.delete')}
          </Menu.Item>
        </RowMenu>
      ),
    });
  }
  return (
    <Panel flush>
      <FilterBar>
        <SearchInput label={t('repositories.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
      </FilterBar>
      <DataTable
        label={t('projects.tabs.repositories')}
        columns={columns}
        rows={repositories.data?.items}
        rowKey={(repository) => repository.id}
        error={repositories.error}
        onRetry={() => void repositories.refetch()}
        denied={{ needs: t('role.anyMember'), owner }}
        stale={repositories.isPlaceholderData}
        sort={search.sort ?? '-update_time'}
        onSort={(sort) => onSearch({ sort })}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={repositories.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          search.q ? (
            <EmptyState icon={SearchIcon} title={t('repositories.noMatch')} text={t('repositories.noMatchText')}>
              <Button variant="light" onClick={() => onSearch({ q: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState
              icon={RepositoryIcon}
              title={t('repositories.none')}
              text={mayPush ? t('repositories.noneText') : t('repositories.noneReadOnly')}
            >
              {mayPush && <PushCommands host={host} project={project} />}
            </EmptyState>
          )
        }
      />
    </Panel>
  );
}
