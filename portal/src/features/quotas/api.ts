import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, type Page } from '@/api/client';
import { keys } from '@/api/keys';
import type { Project, Quota } from '@/api/types';
import { fuzzy } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 20;
/** From this share of a limit on a project is nearly full; pushes answer with a warning then. */
export const nearlyFull = 0.85;

export interface QuotaRow {
  projectId: number;
  name: string;
  used: number;
  /** bytes that only what can be restored keeps; not known where the list is one of projects */
  recoverable?: number;
  /** -1: none */
  limit: number;
}

/** Only the list of projects knows shares, and only that of quotas an order by size. */
export const isByProject = (search: Search) => search.show === 'full';

export function quotasQuery(search: Search) {
  const common = { page: search.page ?? 1, page_size: pageSize, q: search.q ? fuzzy('name', search.q) : undefined };
  const byProject = isByProject(search);
  const query = byProject
    ? { ...common, storage_over: nearlyFull * 100, sort: 'name' }
    : { ...common, reference: 'project', sort: search.sort ?? '-used.storage' };
  return queryOptions({
    queryKey: keys.quotas.list({ ...query, byProject }),
    queryFn: async ({ signal }): Promise<Page<QuotaRow>> => {
      if (byProject) {
        const page = await client.page<Project>('/projects', { query, signal });
        return { total: page.total, items: page.items.map((project) => ({ projectId: project.project_id, name: project.name, used: project.storage_used ?? 0, limit: project.storage_limit ?? -1 })) };
      }
      const page = await client.page<Quota>('/quotas', { query, signal });
      return { total: page.total, items: page.items.map((quota) => ({ projectId: quota.ref.id, name: quota.ref.name, used: quota.used.storage, recoverable: quota.recoverable.storage, limit: quota.hard.storage })) };
    },
    placeholderData: keepPreviousData,
  });
}

/** The quota as it is when somebody begins to edit it. */
export const quotaQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.quotas.of(projectId),
    queryFn: async ({ signal }) => (await client.page<Quota>('/quotas', { query: { reference: 'project', reference_id: projectId }, signal })).items[0],
    staleTime: 0,
    gcTime: 0,
  });

export function useSetLimit() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ quota, limit }: { quota: Pick<Quota, 'id' | 'update_time'>; limit: number }) =>
      client.done(`/quotas/${quota.id}`, { method: 'PUT', body: { hard: { storage: limit } }, edition: quota.update_time }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.projects.all });
      return queryClient.invalidateQueries({ queryKey: keys.quotas.all });
    },
  });
}
