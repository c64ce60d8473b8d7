import { Button, NativeSelect, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Execution } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { JobsIcon, OpenIcon, RetryIcon, SearchIcon, StopIcon } from '@/ui/icons';
import { JobProgress, JobStatus } from '@/ui/JobStatus';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { TimeAgo } from '@/ui/TimeAgo';
import { isUnfinished, pageSize } from './api';
import type { Answer } from './answer';
import { useKindName } from './useKindName';
import classes from './Jobs.module.css';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  executions: Answer<Page<Execution>>;
  kinds: string[];
  onOpen: (execution: Execution) => void;
  onStop: (execution: Execution) => void;
  onRetry: (execution: Execution) => void;
}

const shows = ['all', 'running', 'failed'] as const;

export function ExecutionList({ search, onSearch, executions, kinds, onOpen, onStop, onRetry }: Props) {
  const { t } = useTranslation();
  const kindName = useKindName();
  const trigger = useTriggerWords();
  const columns: Column<Execution>[] = [
    {
      id: 'job',
      header: t('jobs.job'),
      grow: true,
      cell: (execution) => (
        <Stack gap={1} align="flex-start">
          <UnstyledButton className={classes.name} aria-haspopup="dialog" onClick={() => onOpen(execution)}>
            {kindName(execution.kind)} <span className="tabular">#{execution.id}</span>
          </UnstyledButton>
          <Text span size="xs" c={execution.status === 'Error' ? 'var(--mantine-color-error)' : 'dimmed'} style={{ overflowWrap: 'anywhere' }} lineClamp={2}>
            {execution.status_message || trigger(execution)}
          </Text>
        </Stack>
      ),
    },
    { id: 'status', header: t('jobs.state'), cell: (execution) => <JobStatus status={execution.status} stopping={execution.stopping} /> },
    {
      id: 'progress',
      header: t('jobs.progress'),
      above: 'sm',
      cell: ({ progress, id }) => <JobProgress {...progress} label={`${t('jobs.progress')} ${id}`} />,
    },
    { id: 'started', header: t('jobs.started'), sort: 'start_time', align: 'right', above: 'sm', cell: (execution) => <TimeAgo time={execution.start_time ?? execution.creation_time} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (execution) => (
        <RowMenu label={t('common.actionsFor', { name: `#${execution.id}` })}>
          <Menu.Item leftSection={<OpenIcon size={16} />} onClick={() => onOpen(execution)}>
            {t('jobs.log')}
          </Menu.Item>
          {isUnfinished(execution.status) && (
            <Menu.Item color="red" leftSection={<StopIcon size={16} />} onClick={() => onStop(execution)}>
              {t('jobs.stop')}
            </Menu.Item>
          )}
          {(execution.status === 'Error' || execution.status === 'Stopped') && (
            <Menu.Item leftSection={<RetryIcon size={16} />} onClick={() => onRetry(execution)}>
              {t('jobs.retry')}
            </Menu.Item>
          )}
        </RowMenu>
      ),
    },
  ];
  const show = shows.find((each) => each === search.show) ?? 'all';
  const filtered = show !== 'all' || search.kind !== undefined;
  return (
    <Panel title={t('jobs.executions')} flush>
      <FilterBar>
        <SegmentedControl
          size="xs"
          aria-label={t('jobs.show')}
          value={show}
          onChange={(value) => onSearch({ show: value === 'all' ? undefined : value })}
          data={shows.map((value) => ({ value, label: t(`jobs.${value}`) }))}
        />
        <NativeSelect
          aria-label={t('jobs.kind')}
          value={search.kind ?? ''}
          onChange={(event) => onSearch({ kind: event.currentTarget.value || undefined })}
          data={[{ value: '', label: t('jobs.anyKind') }, ...kinds.map((value) => ({ value, label: kindName(value) }))]}
        />
      </FilterBar>
      <DataTable
        label={t('jobs.executions')}
        columns={columns}
        rows={executions.data?.items}
        rowKey={(execution) => execution.id}
        error={executions.error}
        onRetry={() => void executions.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        stale={executions.isPlaceholderData === true}
        sort={search.sort ?? '-start_time'}
        onSort={(sort) => onSearch({ sort })}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={executions.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          filtered ? (
            <EmptyState icon={SearchIcon} title={t(show === 'failed' ? 'jobs.noneFailed' : show === 'running' ? 'jobs.noneRunning' : 'jobs.none')} text={t('jobs.noMatchText')}>
              <Button variant="light" onClick={() => onSearch({ show: undefined, kind: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={JobsIcon} title={t('jobs.none')} text={t('jobs.noneText')} />
          )
        }
      />
    </Panel>
  );
}

const triggers = ['manual', 'schedule', 'event'] as const;

/** "by schedule, admin". */
export function useTriggerWords() {
  const { t } = useTranslation();
  return (execution: Execution): string => {
    const known = triggers.find((each) => each === execution.trigger);
    return t('jobs.by', { trigger: known ? t(`schedules.triggers.${known}`) : execution.trigger, name: execution.username });
  };
}
