import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, repositoryInPath } from '@/api/client';
import { keys } from '@/api/keys';
import type { Artifact, Repository } from '@/api/types';
import { allOf, fuzzy } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 20;

const pathOf = (project: string, repository: string) =>
  `/projects/${encodeURIComponent(project)}/repositories/${repositoryInPath(repository)}`;

export function repositoriesQuery(project: string, search: Search) {
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: search.q ? fuzzy('name', search.q) : undefined,
    sort: search.sort ?? '-update_time',
  };
  return queryOptions({
    queryKey: keys.repositories.list(project, query),
    queryFn: ({ signal }) =>
      client.page<Repository>(`/projects/${encodeURIComponent(project)}/repositories`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const repositoryQuery = (project: string, repository: string) =>
  queryOptions({
    queryKey: keys.repositories.get(project, repository),
    queryFn: ({ signal }) => client.json<Repository>(pathOf(project, repository), { signal }),
  });

/** One row an artifact, its tags in front. "tags=*" are those with any tag, "tags=nil" those without. */
export function artifactsQuery(project: string, repository: string, search: Search) {
  const shown = search.show === 'untagged' ? 'tags=nil' : search.show === 'all' ? undefined : 'tags=*';
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: search.q ? fuzzy('tags', search.q) : allOf(shown),
    sort: search.sort ?? '-push_time',
    with_tag: true,
    with_accessory: true,
  };
  return queryOptions({
    queryKey: keys.artifacts.list(project, repository, query),
    queryFn: ({ signal }) => client.page<Artifact>(`${pathOf(project, repository)}/artifacts`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useDescribeRepository(project: string, repository: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (description: string) =>
      client.done(pathOf(project, repository), { method: 'PUT', body: { description } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.repositories.of(project) }),
  });
}

export function useDeleteRepository(project: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (repository: string) => client.done(pathOf(project, repository), { method: 'DELETE' }),
    onSuccess: (_, repository) => {
      queryClient.removeQueries({ queryKey: keys.repositories.get(project, repository) });
      queryClient.removeQueries({ queryKey: keys.artifacts.of(project, repository) });
      void queryClient.invalidateQueries({ queryKey: keys.projects.all });
      return queryClient.invalidateQueries({ queryKey: [...keys.repositories.of(project), 'list'] });
    },
  });
}

export function useDeleteArtifact(project: string, repository: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (digest: string) =>
      client.done(`${pathOf(project, repository)}/artifacts/${digest}`, { method: 'DELETE' }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.repositories.of(project) });
      return queryClient.invalidateQueries({ queryKey: [...keys.artifacts.of(project, repository), 'list'] });
    },
  });
}
