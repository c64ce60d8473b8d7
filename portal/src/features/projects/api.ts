import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Project, ProjectCreation, ProjectDeletable } from '@/api/types';
import { fuzzy } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 20;

export function projectsQuery(search: Search) {
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: search.q ? fuzzy('name', search.q) : undefined,
    public: search.show === 'public' ? true : search.show === 'private' ? false : undefined,
    mine: search.show === 'mine' ? true : undefined,
    sort: search.sort ?? 'name',
  };
  return queryOptions({
    queryKey: keys.projects.list(query),
    queryFn: ({ signal }) => client.page<Project>('/projects', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const deletableQuery = (name: string) =>
  queryOptions({
    queryKey: keys.projects.deletable(name),
    queryFn: ({ signal }) => client.json<ProjectDeletable>(`/projects/${encodeURIComponent(name)}/_deletable`, { signal }),
    staleTime: 0,
  });

export function useCreateProject() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ProjectCreation) => client.done('/projects', { method: 'POST', body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.projects.all }),
  });
}

export interface SettingsChange {
  isPublic?: boolean;
  /** bytes; -1: none */
  limit?: number;
}

export function useSaveSettings(name: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ change, edition }: { change: SettingsChange; edition: string | undefined }) =>
      client.done(`/projects/${encodeURIComponent(name)}`, {
        method: 'PUT',
        body: {
          ...(change.isPublic === undefined ? {} : { metadata: { public: String(change.isPublic) } }),
          ...(change.limit === undefined ? {} : { storage_limit: change.limit }),
        },
        edition,
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.quotas.all });
      return queryClient.invalidateQueries({ queryKey: keys.projects.all });
    },
  });
}

export function useDeleteProject(name: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => client.done(`/projects/${encodeURIComponent(name)}`, { method: 'DELETE' }),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: keys.projects.get(name) });
      return queryClient.invalidateQueries({ queryKey: ['projects', 'list'] });
    },
  });
}
