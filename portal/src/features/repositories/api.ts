import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { repositoryPath, type Place } from '@/api/artifacts';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Artifact, Repository } from '@/api/types';
import { allOf, exact, fuzzy } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 20;

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

export const repositoryQuery = ({ project, repository }: Place) =>
  queryOptions({
    queryKey: keys.repositories.get(project, repository),
    queryFn: ({ signal }) => client.json<Repository>(repositoryPath({ project, repository }), { signal }),
  });

/** Which artifacts an address asks for. "tags=*" are those with any tag, "tags=nil" those without. */
export function artifactFilter(search: Search): string | undefined {
  const shown = search.show === 'untagged' ? 'tags=nil' : search.show === 'all' ? undefined : 'tags=*';
  return allOf(
    search.q ? fuzzy('tags', search.q) : shown,
    search.kind && exact('type', search.kind),
    search.label && /^\d+$/.test(search.label) ? `labels=(${search.label})` : undefined,
  );
}

/** One row an artifact, its tags in front. */
export function artifactsQuery({ project, repository }: Place, search: Search) {
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: artifactFilter(search),
    sort: search.sort ?? '-push_time',
    with_tag: true,
    with_accessory: true,
    with_label: true,
    with_immutable_status: true,
  };
  return queryOptions({
    queryKey: keys.artifacts.list(project, repository, query),
    queryFn: ({ signal }) => client.page<Artifact>(`${repositoryPath({ project, repository })}/artifacts`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

interface Description {
  description: string;
  /** the update_time of what was edited */
  edition: string;
}

export function useDescribeRepository(place: Place) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ description, edition }: Description) => client.done(repositoryPath(place), { method: 'PUT', body: { description }, edition }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.repositories.of(place.project) }),
  });
}

export function useDeleteRepository(project: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (repository: string) => client.done(repositoryPath({ project, repository }), { method: 'DELETE' }),
    onSuccess: (_, repository) => {
      queryClient.removeQueries({ queryKey: keys.repositories.get(project, repository) });
      queryClient.removeQueries({ queryKey: keys.artifacts.of(project, repository) });
      void queryClient.invalidateQueries({ queryKey: keys.projects.all });
      return queryClient.invalidateQueries({ queryKey: [...keys.repositories.of(project), 'list'] });
    },
  });
}
