import { Badge, Button, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { RetentionRun } from '@/api/types';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { RecentIcon, StopIcon } from '@/ui/icons';
import { JobStatus } from '@/ui/JobStatus';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import classes from './Policies.module.css';
import { isUnfinished, runsShown } from './retentionApi';

interface Props {
  runs: { data: Page<RetentionRun> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  page: number;
  owner: string | undefined;
  mayStop: boolean;
  onPage: (page: number) => void;
  onOpen: (run: RetentionRun) => void;
  onStop: (run: RetentionRun) => void;
}

/** What the policy has done so far. */
export function RetentionRuns({ runs, page, owner, mayStop, onPage, onOpen, onStop }: Props) {
  const { t } = useTranslation();
  const columns: Column<RetentionRun>[] = [
    {
      id: 'run',
      header: t('retention.runAt'),
      grow: true,
      cell: (run) => (
        <UnstyledButton className={classes.name} onClick={() => onOpen(run)}>
          <span className="tabular">#{run.id}</span> <TimeAgo time={run.start_time} />
        </UnstyledButton>
      ),
    },
    { id: 'kind', header: t('retention.runKind'), cell: (run) => (run.dry_run ? <Badge color="gray">{t('retention.dry')}</Badge> : <Text size="sm">{t('retention.real')}</Text>) },
    {
      id: 'how',
      header: t('retention.runHow'),
      above: 'sm',
      cell: (run) => <Text size="sm">{t(run.trigger === 'SCHEDULE' ? 'schedules.triggers.schedule' : 'schedules.triggers.manual')}</Text>,
    },
    { id: 'ended', header: t('retention.runEnded'), above: 'sm', cell: (run) => (isUnfinished(run.status) ? '–' : <TimeAgo time={run.end_time} />) },
    { id: 'status', header: t('retention.runStatus'), cell: (run) => <JobStatus status={run.status} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (run) =>
        mayStop &&
        isUnfinished(run.status) && (
          <Button size="compact-sm" variant="light" color="red" leftSection={<StopIcon size={14} />} onClick={() => onStop(run)}>
            {t('retention.stop')}
          </Button>
        ),
    },
  ];
  return (
    <Panel title={t('retention.runs')} flush>
      <DataTable
        label={t('retention.runs')}
        columns={columns}
        rows={runs.data?.items}
        rowKey={(run) => run.id}
        error={runs.error}
        onRetry={() => void runs.refetch()}
        denied={{ needs: t('role.maintainer'), owner }}
        stale={runs.isPlaceholderData}
        page={page}
        pageSize={runsShown}
        total={runs.data?.total ?? 0}
        onPage={onPage}
        empty={<EmptyState icon={RecentIcon} title={t('retention.noRuns')} text={t('retention.noRunsText')} />}
      />
    </Panel>
  );
}
