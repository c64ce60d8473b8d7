import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, type Page } from '@/api/client';
import { keys } from '@/api/keys';
import type { RetentionPolicy, RetentionPreview, RetentionRule, RetentionRun, RetentionTask } from '@/api/types';
import { policyBody } from './retention';

export const runsShown = 10;
export const tasksShown = 20;
export const doomedShown = 10;

export const isUnfinished = (status: string) => status === 'Pending' || status === 'Running' || status === 'Scheduled';

export const policyQuery = (id: number) =>
  queryOptions({
    queryKey: keys.retention.policy(id),
    queryFn: ({ signal }) => client.json<RetentionPolicy>(`/retentions/${id}`, { signal }),
  });

/** What rules would delete if they were the project's policy and ran now. */
export const previewQuery = (projectId: number, rules: RetentionRule[], page: number) => {
  const params = { rules, page };
  return queryOptions({
    queryKey: keys.retention.preview(projectId, params),
    queryFn: async ({ signal }): Promise<RetentionPreview> => {
      const query = { page, page_size: doomedShown };
      return client.json<RetentionPreview>('/retentions/preview', { method: 'POST', query, body: policyBody(projectId, rules), signal });
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
};

export const runsQuery = (id: number, page: number) => {
  const query = { page, page_size: runsShown };
  return queryOptions({
    queryKey: keys.retention.runs(id, query),
    queryFn: ({ signal }) => client.page<RetentionRun>(`/retentions/${id}/executions`, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data as Page<RetentionRun> | undefined)?.items.some((run) => isUnfinished(run.status)) ? 1000 : 10_000),
  });
};

export const tasksQuery = (id: number, run: number, page: number) => {
  const query = { page, page_size: tasksShown };
  return queryOptions({
    queryKey: keys.retention.tasks(id, run, query),
    queryFn: ({ signal }) => client.page<RetentionTask>(`/retentions/${id}/executions/${run}/tasks`, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const tasks = (state.data as Page<RetentionTask> | undefined)?.items;
      return tasks === undefined || tasks.length === 0 || tasks.some((task) => isUnfinished(task.status)) ? 1000 : false;
    },
  });
};

export const taskLogQuery = (id: number, run: number, task: RetentionTask) =>
  queryOptions({
    // Asked once more when the task has ended.
    queryKey: keys.retention.log(id, run, task.id, task.status),
    queryFn: ({ signal }) => client.text(`/retentions/${id}/executions/${run}/tasks/${task.id}`, { signal }),
    refetchInterval: isUnfinished(task.status) ? 1000 : false,
  });

export interface PolicyChange {
  policy: RetentionPolicy | undefined;
  rules: RetentionRule[];
  cron: string;
}

export function useRetentionChanges(project: string, projectId: number) {
  const queryClient = useQueryClient();
  const fresh = (id?: number) =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: keys.projects.get(project) }), // its metadata names the policy
      queryClient.invalidateQueries({ queryKey: keys.retention.previews(projectId) }),
      ...(id === undefined ? [] : [queryClient.invalidateQueries({ queryKey: keys.retention.of(id) })]),
    ]);
  /** A policy without rules is none. */
  const save = useMutation({
    mutationFn: async ({ policy, rules, cron }: PolicyChange) => {
      const body = policyBody(projectId, rules, cron);
      if (policy === undefined) return client.done('/retentions', { method: 'POST', body });
      if (rules.length === 0) return client.done(`/retentions/${policy.id}`, { method: 'DELETE' });
      return client.done(`/retentions/${policy.id}`, { method: 'PUT', body: { ...body, id: policy.id }, edition: policy.update_time });
    },
    onSettled: (_data, _error, { policy }) => fresh(policy?.id),
  });
  /** Returns the number of the run. */
  const start = useMutation({
    mutationFn: async ({ id, dryRun }: { id: number; dryRun: boolean }) => {
      const response = await client.send(`/api/v2.0/retentions/${id}/executions`, { method: 'POST', body: { dry_run: dryRun } });
      return Number(response.headers.get('Location')?.split('/').at(-1));
    },
    onSettled: (_data, _error, { id }) => fresh(id),
  });
  const stop = useMutation({
    mutationFn: ({ id, run }: { id: number; run: number }) => client.done(`/retentions/${id}/executions/${run}`, { method: 'PATCH', body: { action: 'stop' } }),
    onSettled: (_data, _error, { id }) => fresh(id),
  });
  return { save, start, stop };
}
