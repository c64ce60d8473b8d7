import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import { shortDigest } from '@/lib/reference';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { PurgeForEverIcon, RecycleBinIcon, RestoreIcon, SearchIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { SelectionBar } from '@/ui/SelectionBar';
import { Size } from '@/ui/Size';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Selection } from '@/ui/useSelection';
import { pageSize, type BinRow } from './api';
import { Until } from './Until';
import { WhatToShow } from './WhatToShow';

interface Props {
  /** undefined: of all projects */
  project: string | undefined;
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  rows: { data: Page<BinRow> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  selection: Selection<BinRow>;
  owner?: string | undefined;
  /** for how many days what is deleted now is kept; undefined: not known */
  days: number | undefined;
  /** undefined: the reader may not */
  onRestore: ((rows: readonly BinRow[]) => void) | undefined;
  onPurge: ((rows: readonly BinRow[]) => void) | undefined;
  onEmpty: (() => void) | undefined;
}

const mostTags = 4;

export const nameOf = (row: BinRow) => (row.kind === 'repository' ? row.repository : `${row.repository}:${row.tags[0] ?? shortDigest(row.digest)}`);

export function BinView(props: Props) {
  const { project, search, onSearch, rows, selection, owner, onRestore, onPurge, onEmpty } = props;
  const { t } = useTranslation();
  const columns: Column<BinRow>[] = [
    ...(onRestore ?? onPurge ? [selection.column(rows.data?.items, nameOf)] : []),
    { id: 'name', header: t('recycleBin.name'), grow: true, sort: 'repository', cell: (row) => <Name row={row} /> },
    ...(project === undefined
      ? [
          {
            id: 'project',
            header: t('recycleBin.project'),
            above: 'sm' as const,
            cell: (row: BinRow) => (
              <TextLink to="/projects/$project" params={{ project: row.project }} size="sm">
                {row.project}
              </TextLink>
            ),
          },
        ]
      : []),
    { id: 'kept', header: t('recycleBin.kept'), align: 'right', above: 'md', cell: (row) => <Size bytes={row.kept} /> },
    { id: 'who', header: t('recycleBin.deletedBy'), above: 'md', cell: (row) => row.operator || '–' },
    { id: 'deleted', header: t('recycleBin.deleted'), align: 'right', sort: 'delete_time', above: 'sm', cell: (row) => <TimeAgo time={row.deleted} /> },
    { id: 'until', header: t('recycleBin.until'), align: 'right', cell: (row) => <Until time={row.until} /> },
  ];
  if (onRestore ?? onPurge) {
    columns.push({
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (row) => (
        <RowMenu label={t('common.actionsFor', { name: nameOf(row) })}>
          {onRestore && (
            <Menu.Item leftSection={<RestoreIcon size={16} />} onClick={() => onRestore([row])}>
              {t('recycleBin.restore')}
            </Menu.Item>
          )}
          {onPurge && (
            <Menu.Item color="red" leftSection={<PurgeForEverIcon size={16} />} onClick={() => onPurge([row])}>
              {t('recycleBin.purge')}
            </Menu.Item>
          )}
        </RowMenu>
      ),
    });
  }
  return (
    <>
      <Panel flush>
        <FilterBar>
          <SearchInput label={t('recycleBin.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
          <WhatToShow search={search} onSearch={onSearch} projects={project === undefined} />
          {onEmpty && (
            <Button ml={{ sm: 'auto' }} variant="light" color="red" leftSection={<PurgeForEverIcon size={16} />} onClick={onEmpty}>
              {t('recycleBin.empty')}
            </Button>
          )}
        </FilterBar>
        <DataTable
          label={t('nav.recycleBin')}
          columns={columns}
          rows={rows.data?.items}
          rowKey={(row) => `${row.kind} ${row.id}`}
          error={rows.error}
          onRetry={() => void rows.refetch()}
          denied={{ needs: project === undefined ? t('role.systemAdministrator') : t('role.maintainer'), owner }}
          stale={rows.isPlaceholderData}
          sort={search.sort ?? '-delete_time'}
          onSort={(sort) => onSearch({ sort })}
          page={search.page ?? 1}
          pageSize={pageSize}
          total={rows.data?.total ?? 0}
          onPage={(page) => onSearch({ page })}
          empty={<Nothing {...props} />}
        />
      </Panel>
      <SelectionBar count={selection.items.length} onClear={selection.clear}>
        {onRestore && (
          <Button size="xs" variant="default" leftSection={<RestoreIcon size={16} />} onClick={() => onRestore(selection.items)}>
            {t('recycleBin.restore')}
          </Button>
        )}
        {onPurge && (
          <Button size="xs" variant="light" color="red" leftSection={<PurgeForEverIcon size={16} />} onClick={() => onPurge(selection.items)}>
            {t('recycleBin.purge')}
          </Button>
        )}
      </SelectionBar>
    </>
  );
}

function Name({ row }: { row: BinRow }) {
  const { t } = useTranslation();
  const more = row.tags.length - mostTags;
  return (
    <Stack gap={0}>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {row.repository}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {row.kind === 'repository' ? (
          <>
            {t('recycleBin.holds', { count: row.artifacts })}
            {row.nameTaken && ` · ${t('recycleBin.nameTaken')}`}
          </>
        ) : (
          <>
            <span className="mono" title={row.digest}>
              {shortDigest(row.digest)}
            </span>
            {row.tags.length > 0 && ` · ${row.tags.slice(0, mostTags).join(', ')}`}
            {more > 0 && ` ${t('recycleBin.more', { count: more })}`}
          </>
        )}
      </Text>
    </Stack>
  );
}

function Nothing({ project, search, onSearch, days }: Props) {
  const { t } = useTranslation();
  if (search.q) {
    return (
      <EmptyState icon={SearchIcon} title={t('recycleBin.noMatch')} text={t('recycleBin.noMatchText')}>
        <Button variant="light" onClick={() => onSearch({ q: undefined })}>
          {t('common.clearFilters')}
        </Button>
      </EmptyState>
    );
  }
  const text =
    project === undefined || days === undefined ? t('recycleBin.noneAny') : days <= 0 ? t('recycleBin.noneNever') : t('recycleBin.noneText', { count: days });
  return <EmptyState icon={RecycleBinIcon} title={t('recycleBin.none')} text={text} />;
}
