import { ActionIcon, Button, Group, Progress, SegmentedControl, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { useFormat } from '@/ui/format';
import { EditIcon, QuotaIcon, SearchIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { SearchInput } from '@/ui/SearchInput';
import { Size } from '@/ui/Size';
import { TextLink } from '@/ui/TextLink';
import { isByProject, nearlyFull, pageSize, type QuotaRow } from './api';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  quotas: { data: Page<QuotaRow> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  onEdit: (row: QuotaRow) => void;
  /** the form in place of a row's limit; false: it is not edited */
  editor: (row: QuotaRow) => ReactNode;
}

export function QuotasView({ search, onSearch, quotas, onEdit, editor }: Props) {
  const { t } = useTranslation();
  const byProject = isByProject(search);
  const columns: Column<QuotaRow>[] = [
    {
      id: 'project',
      header: t('quotas.project'),
      grow: true,
      cell: (row) => (
        <TextLink to="/projects/$project" params={{ project: row.name }} fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {row.name}
        </TextLink>
      ),
    },
    { id: 'share', header: t('quotas.share'), above: 'sm', cell: (row) => <Share row={row} /> },
    { id: 'used', header: t('quotas.used'), align: 'right', ...(byProject ? {} : { sort: 'used.storage' }), cell: (row) => <Used row={row} /> },
    {
      id: 'limit',
      header: t('quotas.limit'),
      align: 'right',
      ...(byProject ? {} : { sort: 'hard.storage' }),
      cell: (row) => editor(row) || <Limit row={row} onEdit={onEdit} />,
    },
  ];
  const filtered = search.q !== undefined || search.show !== undefined;
  return (
    <>
      <PageHeader title={t('nav.quotas')} text={t('quotas.text')} />
      <Panel flush>
        <FilterBar>
          <SearchInput label={t('projects.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
          <SegmentedControl
            size="xs"
            aria-label={t('quotas.show')}
            value={search.show === 'full' ? 'full' : 'all'}
            onChange={(show) => onSearch({ show: show === 'full' ? 'full' : undefined })}
            data={[
              { value: 'all', label: t('projects.all') },
              { value: 'full', label: t('quotas.nearlyFull') },
            ]}
          />
        </FilterBar>
        <DataTable
          label={t('nav.quotas')}
          columns={columns}
          rows={quotas.data?.items}
          rowKey={(row) => row.projectId}
          error={quotas.error}
          onRetry={() => void quotas.refetch()}
          denied={{ needs: t('role.systemAdministrator') }}
          stale={quotas.isPlaceholderData}
          sort={byProject ? undefined : (search.sort ?? '-used.storage')}
          onSort={(sort) => onSearch({ sort })}
          page={search.page ?? 1}
          pageSize={pageSize}
          total={quotas.data?.total ?? 0}
          onPage={(page) => onSearch({ page })}
          empty={
            filtered ? (
              <EmptyState icon={SearchIcon} title={t(search.q ? 'projects.noMatch' : 'quotas.noneFull')} text={t(search.q ? 'projects.noMatchText' : 'quotas.noneFullText')}>
                <Button variant="light" onClick={() => onSearch({ q: undefined, show: undefined })}>
                  {t('common.clearFilters')}
                </Button>
              </EmptyState>
            ) : (
              <EmptyState icon={QuotaIcon} title={t('quotas.none')} text={t('quotas.noneText')} />
            )
          }
        />
      </Panel>
    </>
  );
}

function Used({ row }: { row: QuotaRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Size bytes={row.used} />
      {row.recoverable !== undefined && row.recoverable > 0 && (
        <Text size="xs" c="dimmed">
          {t('quotas.recoverable', { size: format.bytes(row.recoverable) })}
        </Text>
      )}
    </>
  );
}

function Limit({ row, onEdit }: { row: QuotaRow; onEdit: (row: QuotaRow) => void }) {
  const { t } = useTranslation();
  return (
    <Group gap={6} wrap="nowrap" justify="flex-end">
      {row.limit > 0 ? (
        <Size bytes={row.limit} />
      ) : (
        <Text span size="sm" c="dimmed">
          {t('projects.unlimited')}
        </Text>
      )}
      <ActionIcon variant="subtle" color="gray" aria-label={t('quotas.edit', { name: row.name })} onClick={() => onEdit(row)}>
        <EditIcon size={16} />
      </ActionIcon>
    </Group>
  );
}

function Share({ row }: { row: QuotaRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (row.limit <= 0) {
    return (
      <Text span size="sm" c="dimmed">
        –
      </Text>
    );
  }
  const share = row.used / row.limit;
  return (
    <Group gap={8} wrap="nowrap" w={190}>
      <Progress flex={1} size="sm" value={Math.min(share, 1) * 100} color={share >= 1 ? 'red' : share >= nearlyFull ? 'amber' : 'harbour'} aria-label={t('projects.quota')} />
      <Text span size="xs" className="tabular" w={42} ta="right" fw={share >= nearlyFull ? 650 : 400}>
        {format.percent(share)}
      </Text>
    </Group>
  );
}
