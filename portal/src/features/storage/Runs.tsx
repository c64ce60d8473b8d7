import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { ExecHistory } from '@/api/types';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { useFormat } from '@/ui/format';
import { RecentIcon, StopIcon } from '@/ui/icons';
import { JobProgress, JobStatus } from '@/ui/JobStatus';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { isUnfinished, pageSize, parametersOf } from './api';

interface Props {
  runs: { data: Page<ExecHistory> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  page: number;
  onPage: (page: number) => void;
  onStop: (id: number) => void;
}

/** What each run freed; its log is the job's. */
export function Runs({ runs, page, onPage, onStop }: Props) {
  const { t } = useTranslation();
  const columns: Column<ExecHistory>[] = [
    {
      id: 'at',
      header: t('storage.at'),
      grow: true,
      cell: (run) => (
        <TextLink to="/jobs" search={{ entry: String(run.id) }} size="sm">
          <span className="tabular">#{run.id}</span> <TimeAgo time={run.creation_time} />
        </TextLink>
      ),
    },
    {
      id: 'how',
      header: t('storage.how'),
      above: 'sm',
      cell: (run) => (
        <Text span size="sm">
          {t(run.job_kind === 'SCHEDULE' ? 'schedules.triggers.schedule' : 'schedules.triggers.manual')}
        </Text>
      ),
    },
    { id: 'counts', header: t('storage.counts'), above: 'md', align: 'right', cell: (run) => <Counts run={run} /> },
    { id: 'freed', header: t('storage.freed'), align: 'right', cell: (run) => <Freed run={run} /> },
    { id: 'status', header: t('storage.status'), cell: (run) => <JobStatus status={run.job_status} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (run) =>
        isUnfinished(run.job_status) && (
          <Button size="compact-sm" variant="light" color="red" leftSection={<StopIcon size={14} />} onClick={() => onStop(run.id)}>
            {t('storage.stop')}
          </Button>
        ),
    },
  ];
  return (
    <Panel title={t('storage.history')} flush>
      <DataTable
        label={t('storage.history')}
        columns={columns}
        rows={runs.data?.items}
        rowKey={(run) => run.id}
        error={runs.error}
        onRetry={() => void runs.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        stale={runs.isPlaceholderData}
        page={page}
        pageSize={pageSize}
        total={runs.data?.total ?? 0}
        onPage={onPage}
        empty={<EmptyState icon={RecentIcon} title={t('storage.none')} text={t('storage.noneText')} />}
      />
    </Panel>
  );
}

function Counts({ run }: { run: ExecHistory }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { purged_blobs: blobs, purged_manifests: manifests } = parametersOf(run);
  if (blobs === undefined || manifests === undefined) return <>–</>;
  return (
    <Text span size="sm" className="tabular">
      {t('storage.countsOf', { blobs: format.number(blobs), manifests: format.number(manifests) })}
    </Text>
  );
}

function Freed({ run }: { run: ExecHistory }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { freed_space: bytes, dry_run: dry } = parametersOf(run);
  if (run.progress && isUnfinished(run.job_status)) return <JobProgress {...run.progress} label={`${t('storage.freed')} ${run.id}`} />;
  if (bytes === undefined) return <>–</>;
  return (
    <Text span size="sm" className="tabular">
      {format.bytes(bytes)} {dry && t('storage.would')}
    </Text>
  );
}
