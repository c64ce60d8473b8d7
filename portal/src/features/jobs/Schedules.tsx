import { Alert, Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Schedule } from '@/api/types';
import { ButtonLink } from '@/ui/ButtonLink';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { PauseIcon, RunIcon, ScheduleIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import { useCronWords } from '@/ui/useCronWords';
import type { Answer } from './answer';
import { useKindName } from './useKindName';

interface Props {
  schedules: Answer<Page<Schedule>>;
  paused: boolean;
  onRun: (schedule: Schedule) => void;
}

/** What starts by itself: in words, with the next time. */
export function Schedules({ schedules, paused, onRun }: Props) {
  const { t } = useTranslation();
  const words = useCronWords();
  const kindName = useKindName();
  const columns: Column<Schedule>[] = [
    {
      id: 'schedule',
      header: t('jobs.schedule'),
      grow: true,
      cell: (schedule) => (
        <Stack gap={1}>
          <Text size="sm" fw={550}>
            {kindName(schedule.vendor_type)}
          </Text>
          <Text span size="xs" c="dimmed">
            {words(schedule.cron)}
          </Text>
          {schedule.skipped && (
            <Text span size="xs" c="var(--mantine-color-error)">
              {t('jobs.skipped', { why: schedule.skipped })}
            </Text>
          )}
        </Stack>
      ),
    },
    { id: 'next', header: t('jobs.next'), align: 'right', cell: (schedule) => <TimeAgo time={schedule.next_scheduled_time} /> },
    { id: 'last', header: t('jobs.last'), align: 'right', above: 'sm', cell: (schedule) => <TimeAgo time={schedule.last_scheduled_time} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (schedule) => (
        <Button size="compact-sm" variant="default" leftSection={<RunIcon size={14} />} onClick={() => onRun(schedule)}>
          {t('jobs.runNow')}
        </Button>
      ),
    },
  ];
  return (
    <Panel title={t('jobs.schedules')} flush>
      {paused && (
        <Alert m="md" color="amber" icon={<PauseIcon size={18} />}>
          {t('jobs.schedulesPaused')}
        </Alert>
      )}
      <DataTable
        label={t('jobs.schedules')}
        columns={columns}
        rows={schedules.data?.items}
        rowKey={(schedule) => schedule.id}
        error={schedules.error}
        onRetry={() => void schedules.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        empty={
          <EmptyState icon={ScheduleIcon} title={t('jobs.noSchedules')} text={t('jobs.noSchedulesText')}>
            <ButtonLink variant="light" to="/audit/purge">
              {t('jobs.toAudit')}
            </ButtonLink>
          </EmptyState>
        }
      />
    </Panel>
  );
}
