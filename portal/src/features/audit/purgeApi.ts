import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { EventType, ExecHistory } from '@/api/types';
import type { CronValue } from '@/ui/CronField';
import { cronTypes } from '@/lib/cron';

export const historySize = 10;
export const mostHours = 240_000;
/** Stands for every kind of entry that the server does not list. */
export const otherEvents = 'other';

/** What is deleted. */
export interface Purge {
  hours: number;
  types: string[];
}

export interface PurgePlan extends Purge {
  when: CronValue;
}

export const isGoodPurge = ({ hours, types }: Purge): boolean => Number.isInteger(hours) && hours >= 0 && hours <= mostHours && types.length > 0;

/** Parameters, and the result once there is one: JSON inside of JSON, as Harbor has it. */
export interface PurgeParameters {
  audit_retention_hour?: number;
  include_event_types?: string;
  dry_run?: boolean;
  purged_entries?: number;
}

export function parametersOf(history: ExecHistory): PurgeParameters {
  try {
    return JSON.parse(history.job_parameters) as PurgeParameters;
  } catch {
    return {};
  }
}

const splitTypes = (list: string | undefined) => (list ?? '').split(',').filter((type) => type !== '');

/** What the server has, as the form edits it; without a schedule, what Harbor's own form begins with. */
export function planOf(schedule: ExecHistory | null, all: string[]): PurgePlan {
  if (!schedule) return { when: { type: 'None', cron: '' }, hours: 24 * 90, types: all };
  const parameters = parametersOf(schedule);
  const type = cronTypes.find((each) => each === schedule.schedule?.type) ?? 'Custom';
  return { when: { type, cron: schedule.schedule?.cron ?? '' }, hours: parameters.audit_retention_hour ?? 0, types: splitTypes(parameters.include_event_types) };
}

export const eventTypesQuery = queryOptions({
  queryKey: keys.purge.eventTypes,
  queryFn: async ({ signal }) => [...(await client.json<EventType[]>('/auditlog-exts/events', { signal })).map((each) => each.event_type), otherEvents],
  staleTime: Infinity,
});

/** null: there is no schedule, which the server says by saying nothing. */
export const purgeScheduleQuery = queryOptions({
  queryKey: keys.purge.schedule,
  queryFn: async ({ signal }): Promise<ExecHistory | null> => {
    const text = await client.text('/system/purgeaudit/schedule', { signal });
    return text.trim() === '' ? null : (JSON.parse(text) as ExecHistory);
  },
});

export const isUnfinished = (status: string) => status === 'Pending' || status === 'Running' || status === 'Scheduled';

export function purgeHistoryQuery(page: number) {
  const query = { page, page_size: historySize, sort: '-creation_time' };
  return queryOptions({
    queryKey: keys.purge.list(query),
    queryFn: ({ signal }) => client.page<ExecHistory>('/system/purgeaudit', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some((run) => isUnfinished(run.job_status)) ? 1000 : 10_000),
  });
}

const bodyOf = ({ hours, types }: Purge, schedule: { type: string; cron?: string }, dryRun: boolean) => ({
  schedule,
  parameters: { audit_retention_hour: hours, include_event_types: types.join(','), dry_run: dryRun },
});

export function usePurgeChanges() {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: keys.purge.all });
  const save = useMutation({
    mutationFn: (plan: PurgePlan) => client.done('/system/purgeaudit/schedule', { method: 'PUT', body: bodyOf(plan, plan.when, false) }),
    onSettled,
  });
  /** Returns the number of the job. */
  const start = useMutation({
    mutationFn: async ({ purge, dryRun }: { purge: Purge; dryRun: boolean }) => {
      const response = await client.send('/api/v2.0/system/purgeaudit/schedule', { method: 'POST', body: bodyOf(purge, { type: 'Manual' }, dryRun) });
      return Number(response.headers.get('Location')?.split('/').at(-1));
    },
    onSettled,
  });
  const stop = useMutation({ mutationFn: (id: number) => client.done(`/system/purgeaudit/${id}`, { method: 'PUT' }), onSettled });
  return { save, start, stop };
}
