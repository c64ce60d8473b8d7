import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { ExecHistory } from '@/api/types';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { useFormat } from '@/ui/format';
import { RecentIcon, StopIcon } from '@/ui/icons';
import { JobStatus } from '@/ui/JobStatus';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { historySize, isUnfinished, parametersOf } from './purgeApi';

interface Props {
  history: { data: Page<ExecHistory> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  page: number;
  onPage: (page: number) => void;
  onStop: (id: number) => void;
}

export function PurgeHistory({ history, page, onPage, onStop }: Props) {
  const { t } = useTranslation();
  const columns: Column<ExecHistory>[] = [
    {
      id: 'when',
      header: t('purge.at'),
      grow: true,
      cell: (run) => (
        <TextLink to="/jobs" search={{ entry: String(run.id) }} size="sm">
          <span className="tabular">#{run.id}</span> <TimeAgo time={run.creation_time} />
        </TextLink>
      ),
    },
    {
      id: 'how',
      header: t('purge.how'),
      above: 'sm',
      cell: (run) => (
        <Text span size="sm">
          {t(run.job_kind === 'SCHEDULE' ? 'schedules.triggers.schedule' : 'schedules.triggers.manual')}
        </Text>
      ),
    },
    {
      id: 'kept',
      header: t('purge.kept'),
      above: 'sm',
      align: 'right',
      cell: (run) => (
        <Text span size="sm" className="tabular">
          {t('purge.keptHours', { hours: parametersOf(run).audit_retention_hour ?? '–' })}
        </Text>
      ),
    },
    { id: 'count', header: t('purge.count'), align: 'right', cell: (run) => <Count run={run} /> },
    { id: 'status', header: t('purge.status'), cell: (run) => <JobStatus status={run.job_status} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (run) =>
        isUnfinished(run.job_status) && (
          <Button size="compact-sm" variant="light" color="red" leftSection={<StopIcon size={14} />} onClick={() => onStop(run.id)}>
            {t('purge.stop')}
          </Button>
        ),
    },
  ];
  return (
    <Panel title={t('purge.history')} flush>
      <DataTable
        label={t('purge.history')}
        columns={columns}
        rows={history.data?.items}
        rowKey={(run) => run.id}
        error={history.error}
        onRetry={() => void history.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        stale={history.isPlaceholderData}
        page={page}
        pageSize={historySize}
        total={history.data?.total ?? 0}
        onPage={onPage}
        empty={<EmptyState icon={RecentIcon} title={t('purge.none')} text={t('purge.noneText')} />}
      />
    </Panel>
  );
}

function Count({ run }: { run: ExecHistory }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { purged_entries: entries, dry_run: dry } = parametersOf(run);
  if (entries === undefined) return <>–</>;
  return (
    <Text span size="sm" className="tabular">
      {format.number(entries)} {t(dry ? 'purge.counted' : 'purge.deleted')}
    </Text>
  );
}
