import { Button, Stack, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
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
import { entryQuery, pageSize } from './api';
import { useWords } from './useWords';
import classes from './Audit.module.css';

const EntryDialog = lazy(() => import('./EntryDialog').then((m) => ({ default: m.EntryDialog })));

interface Props {
  /** the log of one project */
  project?: string;
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  entries: { data: Page<AuditEntry> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  denied?: { needs?: string | undefined; owner?: string | undefined };
}

const noFilter: Search = { q: undefined, who: undefined, action: undefined, kind: undefined, result: undefined, from: undefined, to: undefined };

export function AuditView({ project, search, onSearch, entries, denied }: Props) {
  const { t } = useTranslation();
  const filtered = (['q', 'who', 'action', 'kind', 'result', 'from', 'to'] as const).some((key) => search[key] !== undefined);
  const shown = entries.data?.items.find((entry) => String(entry.id) === search.entry);
  // A link may name an entry that the page does not show.
  const other = useQuery(entryQuery(project, search.entry, entries.data !== undefined && shown === undefined)).data;
  const opened = search.entry === undefined ? undefined : (shown ?? other);
  const open = (entry: AuditEntry | undefined) => onSearch({ page: search.page, entry: entry && String(entry.id) }, { replace: true });
  const columns: Column<AuditEntry>[] = [
    {
      id: 'what',
      header: t('audit.what'),
      grow: true,
      cell: (entry) => <What entry={entry} onOpen={() => open(entry)} />,
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
      <AuditFilters project={project} search={search} onSearch={onSearch} />
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
      {opened && (
        <Suspense>
          <EntryDialog entry={opened} onSearch={(change) => onSearch({ ...noFilter, ...change, entry: undefined })} onClose={() => open(undefined)} />
        </Suspense>
      )}
    </Panel>
  );
}

/** "Deleted · artifact", and under it what it was. */
function What({ entry, onOpen }: { entry: AuditEntry; onOpen: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const what = `${words.operation(entry)} · ${words.kind(entry)}`;
  return (
    <Stack gap={1} align="flex-start">
      <UnstyledButton className={classes.what} aria-haspopup="dialog" aria-label={t('audit.open', { what: `${what} ${entry.resource}` })} onClick={onOpen}>
        {words.operation(entry)}
        <span>
          {' · '}
          {words.kind(entry)}
        </span>
      </UnstyledButton>
      <Text span size="xs" c="dimmed" className="mono" style={{ overflowWrap: 'anywhere' }} title={entry.operation_description}>
        {entry.resource || entry.operation_description}
      </Text>
    </Stack>
  );
}
