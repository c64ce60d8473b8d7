import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, type Page } from '@/api/client';
import { keys } from '@/api/keys';
import type { Registry, ReplicationExecution, ReplicationPolicy, ReplicationPreview, ReplicationTask } from '@/api/types';
import type { Search } from '@/lib/search';
import { bodyOf, sameBody, type Draft } from './policy';

export const policiesSize = 20;
export const runsSize = 10;
export const tasksSize = 20;
/** How often what may change by itself is asked for. */
const often = 2000;

export const isUnfinished = (status: string) => status === 'InProgress' || status === 'Pending';
/** Harbor's words for the states of a job, as the portal shows them. */
export const stateOf = (status: string) => ({ InProgress: 'Running', Succeed: 'Success', Failed: 'Error' })[status] ?? status;

export function policiesQuery(search: Search) {
  const query = { page: search.page ?? 1, page_size: policiesSize, name: search.q };
  return queryOptions({
    queryKey: keys.replication.policies(query),
    queryFn: ({ signal }) => client.page<ReplicationPolicy>('/replication/policies', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some((policy) => policy.last_execution && isUnfinished(policy.last_execution.status)) ? often : 15_000),
  });
}

/** The registries that a policy can be about. */
export const registriesQuery = queryOptions({
  queryKey: keys.replication.registries,
  queryFn: ({ signal }) => client.page<Registry>('/registries', { query: { page_size: 100, sort: 'name' }, signal }),
});

const shows: Record<string, string> = { running: 'InProgress', failed: 'Failed' };

export function runsQuery(search: Search) {
  const query = { page: Number(search.from ?? 1) || 1, page_size: runsSize, policy_id: search.kind, status: shows[search.show ?? ''], sort: '-creation_time' };
  return queryOptions({
    queryKey: keys.replication.runs(query),
    queryFn: ({ signal }) => client.page<ReplicationExecution>('/replication/executions', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some((run) => isUnfinished(run.status)) ? 1000 : 5000),
  });
}

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: keys.replication.run(id),
    queryFn: ({ signal }) => client.json<ReplicationExecution>(`/replication/executions/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data && !isUnfinished(state.data.status) ? false : 1000),
  });

/** What failed first. */
export const tasksQuery = (id: string, page: number, running: boolean) => {
  const query = { page, page_size: tasksSize, sort: '-failed,-id' };
  return queryOptions({
    // Asked once more when the run has ended.
    queryKey: keys.replication.tasks(id, { ...query, running }),
    queryFn: ({ signal }) => client.page<ReplicationTask>(`/replication/executions/${encodeURIComponent(id)}/tasks`, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: running ? 1000 : false,
  });
};

/** The log of a task, or of what was looked for before there were any. */
export const logQuery = (run: string, task: number | undefined, attempt: number, running: boolean) =>
  queryOptions({
    queryKey: keys.replication.log(run, task ?? 0, { attempt, running }),
    queryFn: ({ signal }) =>
      client.text(task === undefined ? `/replication/executions/${encodeURIComponent(run)}/plan/log` : `/replication/executions/${encodeURIComponent(run)}/tasks/${task}/log`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: running ? 1500 : false,
  });

export const previewQuery = (draft: Draft) => {
  const body = bodyOf(draft);
  return queryOptions({
    queryKey: keys.replication.preview(body),
    queryFn: ({ signal }) => client.json<ReplicationPreview>('/replication/policies/preview', { method: 'POST', body, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 30_000,
  });
};

export function useReplicationChanges() {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: keys.replication.all });
  const create = useMutation({ mutationFn: (draft: Draft) => client.done('/replication/policies', { method: 'POST', body: bodyOf(draft) }), onSuccess: onSettled });
  const update = useMutation({
    mutationFn: ({ policy, draft }: { policy: ReplicationPolicy; draft: Draft }) =>
      client.done(`/replication/policies/${policy.id}`, { method: 'PUT', body: bodyOf(draft), edition: policy.update_time }),
    onSuccess: onSettled,
  });
  /** Shown as done at once; taken back when the server refuses. */
  const setEnabled = useMutation({
    mutationFn: ({ policy, enabled }: { policy: ReplicationPolicy; enabled: boolean }) =>
      client.done(`/replication/policies/${policy.id}`, { method: 'PUT', body: sameBody(policy, { enabled }), edition: policy.update_time }),
    onMutate: async ({ policy, enabled }) => {
      await queryClient.cancelQueries({ queryKey: keys.replication.allPolicies });
      const before = queryClient.getQueriesData<Page<ReplicationPolicy>>({ queryKey: keys.replication.allPolicies });
      for (const [key, data] of before) {
        if (data) queryClient.setQueryData(key, { ...data, items: data.items.map((each) => (each.id === policy.id ? { ...each, enabled } : each)) });
      }
      return { before };
    },
    onError: (_error, _variables, context) => {
      for (const [key, data] of context?.before ?? []) queryClient.setQueryData(key, data);
    },
    onSettled,
  });
  const remove = useMutation({ mutationFn: (policy: ReplicationPolicy) => client.done(`/replication/policies/${policy.id}`, { method: 'DELETE' }), onSuccess: onSettled });
  const start = useMutation({ mutationFn: (policy: ReplicationPolicy) => client.done('/replication/executions', { method: 'POST', body: { policy_id: policy.id } }), onSettled });
  const stop = useMutation({ mutationFn: (id: number) => client.done(`/replication/executions/${id}`, { method: 'PUT' }), onSettled });
  const retry = useMutation({ mutationFn: (id: number) => client.done(`/replication/executions/${id}/retry`, { method: 'PUT' }), onSettled });
  return { create, update, setEnabled, remove, start, stop, retry };
}
