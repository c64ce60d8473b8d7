import { Button, NativeSelect, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { ReplicationExecution, ReplicationPolicy } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { OpenIcon, RecentIcon, RetryIcon, SearchIcon, StopIcon } from '@/ui/icons';
import { JobProgress, JobStatus } from '@/ui/JobStatus';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Answer } from './answer';
import { isUnfinished, runsSize, stateOf } from './api';
import { Counts } from './Counts';
import classes from './Replication.module.css';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  runs: Answer<Page<ReplicationExecution>>;
  policies: ReplicationPolicy[];
  onOpen: (run: number) => void;
  onStop: (run: number) => void;
  onRetry: (run: number) => void;
}

const shows = ['all', 'running', 'failed'] as const;

/** What has been copied, and what could not be. */
export function RunList({ search, onSearch, runs, policies, onOpen, onStop, onRetry }: Props) {
  const { t } = useTranslation();
  const trigger = useTriggerWords();
  const nameOf = (id: number) => policies.find((policy) => policy.id === id)?.name ?? t('replication.policyId', { id });
  const columns: Column<ReplicationExecution>[] = [
    {
      id: 'run',
      header: t('replication.runName'),
      grow: true,
      cell: (run) => (
        <Stack gap={1} align="flex-start">
          <UnstyledButton className={classes.name} aria-haspopup="dialog" onClick={() => onOpen(run.id)}>
            {nameOf(run.policy_id)} <span className="tabular">#{run.id}</span>
          </UnstyledButton>
          <Text span size="xs" c={run.status === 'Failed' ? 'var(--mantine-color-error)' : 'dimmed'} style={{ overflowWrap: 'anywhere' }} lineClamp={2}>
            {run.status_text || trigger(run)}
          </Text>
        </Stack>
      ),
    },
    { id: 'status', header: t('replication.state'), cell: (run) => <JobStatus status={stateOf(run.status)} stopping={run.stopping} /> },
    { id: 'tasks', header: t('replication.tasks'), above: 'md', cell: (run) => <Counts run={run} /> },
    {
      id: 'progress',
      header: t('replication.progress'),
      above: 'sm',
      cell: (run) => <JobProgress done={run.done ?? 0} total={run.items} bytes={run.bytes} rate={run.rate} label={`${t('replication.progress')} ${run.id}`} />,
    },
    { id: 'started', header: t('replication.started'), align: 'right', above: 'sm', cell: (run) => <TimeAgo time={run.start_time} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (run) => (
        <RowMenu label={t('common.actionsFor', { name: `#${run.id}` })}>
          <Menu.Item leftSection={<OpenIcon size={16} />} onClick={() => onOpen(run.id)}>
            {t('replication.details')}
          </Menu.Item>
          {isUnfinished(run.status) && (
            <Menu.Item color="red" leftSection={<StopIcon size={16} />} onClick={() => onStop(run.id)}>
              {t('replication.stop')}
            </Menu.Item>
          )}
          {(run.status === 'Failed' || run.status === 'Stopped') && (
            <Menu.Item leftSection={<RetryIcon size={16} />} onClick={() => onRetry(run.id)}>
              {t('replication.retry')}
            </Menu.Item>
          )}
        </RowMenu>
      ),
    },
  ];
  const show = shows.find((each) => each === search.show) ?? 'all';
  const filtered = show !== 'all' || search.kind !== undefined;
  return (
    <Panel title={t('replication.runs')} flush>
      <FilterBar>
        <SegmentedControl
          size="xs"
          aria-label={t('replication.show')}
          value={show}
          onChange={(value) => onSearch({ show: value === 'all' ? undefined : value, from: undefined, page: search.page })}
          data={shows.map((value) => ({ value, label: t(`replication.${value}`) }))}
        />
        <NativeSelect
          aria-label={t('replication.policy')}
          value={search.kind ?? ''}
          onChange={(event) => onSearch({ kind: event.currentTarget.value || undefined, from: undefined, page: search.page })}
          data={[{ value: '', label: t('replication.anyPolicy') }, ...policies.map((policy) => ({ value: String(policy.id), label: policy.name }))]}
        />
      </FilterBar>
      <DataTable
        label={t('replication.runs')}
        columns={columns}
        rows={runs.data?.items}
        rowKey={(run) => run.id}
        error={runs.error}
        onRetry={() => void runs.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        stale={runs.isPlaceholderData === true}
        page={Number(search.from ?? 1) || 1}
        pageSize={runsSize}
        total={runs.data?.total ?? 0}
        onPage={(page) => onSearch({ from: page > 1 ? String(page) : undefined, page: search.page })}
        empty={
          filtered ? (
            <EmptyState icon={SearchIcon} title={t(show === 'failed' ? 'replication.noneFailed' : show === 'running' ? 'replication.noneRunning' : 'replication.noRuns')} text={t('replication.noRunMatch')}>
              <Button variant="light" onClick={() => onSearch({ show: undefined, kind: undefined, from: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={RecentIcon} title={t('replication.noRuns')} text={t('replication.noRunsText')} />
          )
        }
      />
    </Panel>
  );
}

/** "by schedule, admin". */
export function useTriggerWords() {
  const { t } = useTranslation();
  const names = { manual: 'manual', scheduled: 'schedule', event_based: 'event' } as const;
  return (run: ReplicationExecution): string => {
    const known = names[run.trigger as keyof typeof names] as (typeof names)[keyof typeof names] | undefined;
    const words = known ? t(`schedules.triggers.${known}`) : run.trigger;
    return run.username ? t('replication.by', { trigger: words, name: run.username }) : words;
  };
}
