import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { ExecHistory, StorageFinding, StorageSummary } from '@/api/types';
import { cronTypes } from '@/lib/cron';
import type { CronValue } from '@/ui/CronField';

export const pageSize = 10;
export const mostWorkers = 10;
export const mostRate = 10_240;
const mebibyte = 1024 * 1024;

/** What a run is told. */
export interface Collection {
  untagged: boolean;
  workers: number;
}

/** What a check is told; the rate is in MiB a second. */
export interface Check {
  verify: boolean;
  rate: number;
}

export type Planned<T> = T & { when: CronValue };

const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
export const isGoodCollection = ({ workers }: Collection) => isWhole(workers, mostWorkers);
export const isGoodCheck = ({ rate }: Check) => isWhole(rate, mostRate);
export const isUnfinished = (status: string) => status === 'Pending' || status === 'Running' || status === 'Scheduled';

/** Parameters, and the result once there is one: JSON inside of JSON, as Harbor has it. */
export interface RunParameters {
  delete_untagged?: boolean;
  dry_run?: boolean;
  empty_bin?: boolean;
  workers?: number;
  freed_space?: number;
  purged_blobs?: number;
  purged_manifests?: number;
  untagged_artifacts?: number;
  verify?: boolean;
  rate?: number;
  objects?: number;
  bytes?: number;
}

export function parametersOf(history: ExecHistory): RunParameters {
  try {
    return JSON.parse(history.job_parameters) as RunParameters;
  } catch {
    return {};
  }
}

function whenOf(schedule: ExecHistory | null): CronValue {
  if (!schedule) return { type: 'None', cron: '' };
  return { type: cronTypes.find((each) => each === schedule.schedule?.type) ?? 'Custom', cron: schedule.schedule?.cron ?? '' };
}

export function collectionOf(schedule: ExecHistory | null): Planned<Collection> {
  const parameters = schedule ? parametersOf(schedule) : {};
  return { when: whenOf(schedule), untagged: parameters.delete_untagged ?? false, workers: parameters.workers ?? 2 };
}

export function checkOf(schedule: ExecHistory | null): Planned<Check> {
  const parameters = schedule ? parametersOf(schedule) : {};
  return { when: whenOf(schedule), verify: parameters.verify ?? false, rate: Math.round((parameters.rate ?? 50 * mebibyte) / mebibyte) };
}

const schedules = { collection: '/system/gc/schedule', check: '/system/storage/checks/schedule' } as const;

/** null: there is no schedule, which the server says by saying nothing. */
export const scheduleQuery = (what: keyof typeof schedules) =>
  queryOptions({
    queryKey: keys.storage.schedule(what),
    queryFn: async ({ signal }): Promise<ExecHistory | null> => {
      const text = await client.text(schedules[what], { signal });
      return text.trim() === '' ? null : (JSON.parse(text) as ExecHistory);
    },
  });

export const summaryQuery = queryOptions({
  queryKey: keys.storage.summary,
  queryFn: ({ signal }) => client.json<StorageSummary>('/system/storage', { signal }),
  refetchInterval: 5000,
});

export function runsQuery(page: number) {
  const query = { page, page_size: pageSize, sort: '-creation_time' };
  return queryOptions({
    queryKey: keys.storage.runs(query),
    queryFn: ({ signal }) => client.page<ExecHistory>('/system/gc', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some((run) => isUnfinished(run.job_status)) ? 1000 : 10_000),
  });
}

export function findingsQuery(page: number) {
  const query = { page, page_size: pageSize };
  return queryOptions({
    queryKey: keys.storage.findings(query),
    queryFn: ({ signal }) => client.page<StorageFinding>('/system/storage/findings', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}

const collectionBody = (collection: Collection, schedule: { type: string; cron?: string }, more: object = {}) => ({
  schedule,
  parameters: { delete_untagged: collection.untagged, workers: collection.workers, ...more },
});
const checkBody = (check: Check, schedule: { type: string; cron?: string }) => ({
  schedule,
  parameters: { verify: check.verify, rate: check.rate * mebibyte },
});

/** Starts something by its schedule's address and returns the number of the job. */
async function start(path: string, body: object): Promise<number> {
  const response = await client.send(`/api/v2.0${path}`, { method: 'POST', body });
  return Number(response.headers.get('Location')?.split('/').at(-1));
}

export function useStorageChanges() {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: keys.storage.all });
  const saveCollection = useMutation({
    mutationFn: (plan: Planned<Collection>) => client.done(schedules.collection, { method: 'PUT', body: collectionBody(plan, plan.when) }),
    onSettled,
  });
  const saveCheck = useMutation({
    mutationFn: (plan: Planned<Check>) => client.done(schedules.check, { method: 'PUT', body: checkBody(plan, plan.when) }),
    onSettled,
  });
  const collect = useMutation({
    mutationFn: ({ collection, dryRun, emptyBin }: { collection: Collection; dryRun: boolean; emptyBin: boolean }) =>
      start(schedules.collection, collectionBody(collection, { type: 'Manual' }, { dry_run: dryRun, empty_bin: emptyBin })),
    onSettled,
  });
  const check = useMutation({
    mutationFn: (asked: Check) => start(schedules.check, checkBody(asked, { type: 'Manual' })),
    onSettled,
  });
  const stop = useMutation({ mutationFn: (id: number) => client.done(`/system/gc/${id}`, { method: 'PUT' }), onSettled });
  return { saveCollection, saveCheck, collect, check, stop };
}
