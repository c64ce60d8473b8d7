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

/** Settings of a project that are Roadstead's own; '' is not set. */
export const ownSettings = ['recovery_days', 'tag_expiry_days', 'tag_expiry_pattern'] as const;
export type OwnSetting = (typeof ownSettings)[number];

export interface SettingsChange {
  own?: Partial<Record<OwnSetting, string>>;
  isPublic?: boolean;
  /** bytes; -1: none */
  limit?: number;
}

export function useSaveSettings(name: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ change, edition }: { change: SettingsChange; edition: string | undefined }) => {
      const path = `/projects/${encodeURIComponent(name)}`;
      const own = Object.entries(change.own ?? {});
      const metadata = Object.fromEntries([
        ...(change.isPublic === undefined ? [] : [['public', String(change.isPublic)]]),
        ...own.filter(([, value]) => value !== ''),
      ]);
      await client.done(path, { method: 'PUT', body: { metadata, ...(change.limit === undefined ? {} : { storage_limit: change.limit }) }, edition });
      // What goes back to what the system says is taken away.
      for (const [key, value] of own) if (value === '') await client.done(`${path}/metadatas/${key}`, { method: 'DELETE' });
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.bin.all });
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
      void queryClient.invalidateQueries({ queryKey: keys.bin.all });
      return queryClient.invalidateQueries({ queryKey: ['projects', 'list'] });
    },
  });
}
