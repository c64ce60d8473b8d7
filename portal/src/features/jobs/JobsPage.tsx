import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Execution, JobQueue, Schedule } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { executionsQuery, processesQuery, queuesQuery, schedulesQuery, upkeepQuery, useJobChanges } from './api';
import { JobsView } from './JobsView';
import { useKindName } from './useKindName';

const JobDialog = lazy(() => import('./JobDialog').then((m) => ({ default: m.JobDialog })));

export function JobsPage() {
  const { t } = useTranslation();
  const kindName = useKindName();
  const { search, set } = useListState();
  const { act, stop, retry, run } = useJobChanges();
  const [stopping, setStopping] = useState<number>();
  const [emptying, setEmptying] = useState<JobQueue>();
  const queues = useQuery(queuesQuery);
  const open = (entry: string | undefined) => set({ page: search.page, entry }, { replace: true });

  function tryAgain(id: number) {
    retry.mutate(id, {
      onSuccess: () => notify.done(t('jobs.retried', { id })),
      onError: (error) => notify.failed(t('jobs.actionFailed', { id }), error),
    });
  }
  function setPaused(queue: JobQueue, paused: boolean) {
    const kind = kindName(queue.job_type);
    act.mutate(
      { queue: queue.job_type, action: paused ? 'pause' : 'resume' },
      {
        onSuccess: () => notify.done(t(paused ? 'jobs.pausedNow' : 'jobs.resumedNow', { kind })),
        onError: (error) => notify.failed(t('jobs.queueFailed', { kind }), error),
      },
    );
  }
  function runNow(schedule: Schedule) {
    const kind = kindName(schedule.vendor_type);
    run.mutate(schedule, {
      onSuccess: () => notify.done(t('jobs.ranNow', { kind })),
      onError: (error) => notify.failed(t('jobs.runFailed', { kind }), error),
    });
  }
  return (
    <>
      <JobsView
        search={search}
        onSearch={set}
        queues={queues}
        executions={useQuery(executionsQuery(search))}
        schedules={useQuery(schedulesQuery)}
        processes={useQuery(processesQuery)}
        upkeep={useQuery(upkeepQuery)}
        onOpen={(execution: Execution) => open(String(execution.id))}
        onStop={(execution: Execution) => setStopping(execution.id)}
        onRetry={(execution: Execution) => tryAgain(execution.id)}
        onPause={setPaused}
        onEmpty={setEmptying}
        onRun={runNow}
      />
      {search.entry !== undefined && (
        <Suspense>
          <JobDialog id={search.entry} onStop={setStopping} onRetry={tryAgain} onClose={() => open(undefined)} />
        </Suspense>
      )}
      {stopping !== undefined && (
        <ConfirmDialog
          title={t('jobs.stop')}
          text={t('jobs.stopConfirm', { id: stopping })}
          action={t('jobs.stop')}
          onConfirm={async () => {
            await stop.mutateAsync(stopping);
            notify.done(t('jobs.stopAsked', { id: stopping }));
          }}
          onClose={() => setStopping(undefined)}
        />
      )}
      {emptying && (
        <ConfirmDialog
          title={t('jobs.stopWaiting')}
          text={t('jobs.stopWaitingConfirm', { kind: kindName(emptying.job_type), count: emptying.count ?? 0 })}
          action={t('jobs.stopWaiting')}
          onConfirm={async () => {
            await act.mutateAsync({ queue: emptying.job_type, action: 'stop' });
            notify.done(t('jobs.stoppedWaiting', { kind: kindName(emptying.job_type) }));
          }}
          onClose={() => setEmptying(undefined)}
        />
      )}
    </>
  );
}
