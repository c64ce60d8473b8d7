import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Execution, ExecutionTask, JobQueue, LogLine, LogLines, Schedule, UpkeepStep, Worker, WorkerPool } from '@/api/types';
import { allOf, exact } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 15;
/** How often what may change by itself is asked for. */
const often = 2000;
const tasksShown = 50;

export const isUnfinished = (status: string) => status === 'Pending' || status === 'Running' || status === 'Scheduled';

/** Harbor's q has one value a key: what waits counts as running only where it runs. */
const statusOf = (show: string | undefined) => (show === 'running' ? 'status={Running Pending}' : show === 'failed' ? exact('status', 'Error') : undefined);

export function executionsQuery(search: Search) {
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: allOf(statusOf(search.show), search.kind ? exact('kind', search.kind) : undefined),
    sort: search.sort ?? '-start_time',
  };
  return queryOptions({
    queryKey: keys.jobs.list(query),
    queryFn: ({ signal }) => client.page<Execution>('/jobservice/executions', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: often,
  });
}

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: keys.jobs.get(id),
    queryFn: ({ signal }) => client.json<Execution>(`/jobservice/executions/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data && !isUnfinished(state.data.status) ? false : 1000),
  });

export const tasksQuery = (id: string, running: boolean) => {
  const query = { page_size: tasksShown };
  return queryOptions({
    // Asked once more when the execution has ended.
    queryKey: keys.jobs.tasks(id, { ...query, running }),
    queryFn: ({ signal }) => client.page<ExecutionTask>(`/jobservice/executions/${encodeURIComponent(id)}/tasks`, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: running ? 1000 : false,
  });
};

export const queuesQuery = queryOptions({
  queryKey: keys.jobs.queues,
  queryFn: ({ signal }) => client.json<JobQueue[]>('/jobservice/queues', { signal }),
  refetchInterval: often,
});

export const schedulesQuery = queryOptions({
  queryKey: keys.jobs.schedules,
  queryFn: ({ signal }) => client.page<Schedule>('/schedules', { query: { page_size: 100 }, signal }),
  refetchInterval: 10_000,
});

export const upkeepQuery = queryOptions({
  queryKey: keys.jobs.upkeep,
  queryFn: ({ signal }) => client.json<UpkeepStep[]>('/jobservice/upkeep', { signal }),
  refetchInterval: 10_000,
});

export interface Process extends WorkerPool {
  busy: Worker[];
}

export const processesQuery = queryOptions({
  queryKey: keys.jobs.workers,
  queryFn: async ({ signal }): Promise<Process[]> => {
    const pools = await client.json<WorkerPool[]>('/jobservice/pools', { signal });
    const workers = pools.length > 0 ? await client.json<Worker[]>('/jobservice/pools/all/workers', { signal }) : [];
    return pools.map((pool) => ({ ...pool, busy: workers.filter((worker) => worker.pool_id === pool.worker_pool_id && worker.job_id !== undefined) }));
  },
  refetchInterval: often,
});

export interface Log {
  lines: LogLine[];
  next: number;
  ended: boolean;
}

/** A log as it grows: each time only what comes after the last line is asked for. */
export const logQuery = (job: string, attempt: number) =>
  queryOptions({
    queryKey: keys.jobs.log(job, attempt),
    queryFn: async ({ signal, client: queries }): Promise<Log> => {
      const before = queries.getQueryData<Log>(keys.jobs.log(job, attempt)) ?? { lines: [], next: 0, ended: false };
      const log = { ...before };
      for (let more = true; more && !log.ended;) {
        const part = await client.json<LogLines>(`/jobservice/jobs/${encodeURIComponent(job)}/log/lines`, { query: { after: log.next }, signal });
        log.lines = [...log.lines, ...part.lines];
        log.ended = part.ended;
        more = part.lines.length > 0 && part.next > log.next;
        log.next = part.next;
      }
      return log;
    },
    refetchInterval: ({ state }) => (state.data?.ended ? false : 1000),
    staleTime: 0,
    gcTime: 0,
  });

export type QueueAction = 'pause' | 'resume' | 'stop';

export function useJobChanges() {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: keys.jobs.all });
  const act = useMutation({
    mutationFn: ({ queue, action }: { queue: string; action: QueueAction }) => client.done(`/jobservice/queues/${encodeURIComponent(queue)}`, { method: 'PUT', body: { action } }),
    onSettled,
  });
  const stop = useMutation({ mutationFn: (id: number) => client.done(`/jobservice/executions/${id}/stop`, { method: 'PUT' }), onSettled });
  const retry = useMutation({ mutationFn: (id: number) => client.done(`/jobservice/executions/${id}/retry`, { method: 'PUT' }), onSettled });
  const run = useMutation({ mutationFn: (schedule: Schedule) => client.done(`/schedules/${schedule.id}/run`, { method: 'POST' }), onSettled });
  return { act, stop, retry, run };
}
