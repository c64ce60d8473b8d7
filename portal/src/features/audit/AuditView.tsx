import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { AuditEntry } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { AuditIcon, SearchIcon } from '@/ui/icons';
import { OutcomeMark } from '@/ui/Marks';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import { AuditFilters } from './AuditFilters';
import { kinds, operations, pageSize } from './api';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  entries: { data: Page<AuditEntry> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  denied?: { needs?: string | undefined; owner?: string | undefined };
}

const noFilter: Search = { q: undefined, who: undefined, action: undefined, kind: undefined, from: undefined, to: undefined };

export function AuditView({ search, onSearch, entries, denied }: Props) {
  const { t } = useTranslation();
  const filtered = (['q', 'who', 'action', 'kind', 'from', 'to'] as const).some((key) => search[key] !== undefined);
  const columns: Column<AuditEntry>[] = [
    {
      id: 'what',
      header: t('audit.what'),
      grow: true,
      cell: (entry) => <What entry={entry} />,
    },
    {
      id: 'who',
      header: t('audit.who'),
      cell: (entry) => (
        <Text size="sm" maw={{ base: 90, sm: 200 }} truncate title={entry.username}>
          {entry.username || t('audit.anonymous')}
        </Text>
      ),
    },
    { id: 'result', header: t('audit.result'), above: 'sm', cell: (entry) => <OutcomeMark ok={entry.operation_result} /> },
    { id: 'when', header: t('audit.when'), align: 'right', cell: (entry) => <TimeAgo time={entry.op_time} /> },
  ];
  return (
    <Panel flush>
      <AuditFilters search={search} onSearch={onSearch} />
      <DataTable
        label={t('nav.audit')}
        columns={columns}
        rows={entries.data?.items}
        rowKey={(entry) => entry.id}
        error={entries.error}
        onRetry={() => void entries.refetch()}
        {...(denied ? { denied } : {})}
        stale={entries.isPlaceholderData}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={entries.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          filtered ? (
            <EmptyState icon={SearchIcon} title={t('audit.noMatch')} text={t('audit.noMatchText')}>
              <Button variant="light" onClick={() => onSearch(noFilter)}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={AuditIcon} title={t('audit.none')} text={t('audit.noneText')} />
          )
        }
      />
    </Panel>
  );
}

/** "Deleted · artifact", and under it what it was; the words for what the server did are known for both languages. */
function What({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const operation = operations.find((known) => known === entry.operation);
  const kind = kinds.find((known) => known === entry.resource_type);
  return (
    <Stack gap={1}>
      <Text span size="sm" fw={550}>
        {operation ? t(`audit.operations.${operation}`) : entry.operation}
        <Text span inherit fw={400} c="dimmed">
          {' · '}
          {kind ? t(`audit.kinds.${kind}`) : entry.resource_type}
        </Text>
      </Text>
      <Text span size="xs" c="dimmed" className="mono" style={{ overflowWrap: 'anywhere' }} title={entry.operation_description}>
        {entry.resource || entry.operation_description}
      </Text>
    </Stack>
  );
}
