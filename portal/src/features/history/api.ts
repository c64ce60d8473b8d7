import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import { repositoryPath, type Place } from '@/api/artifacts';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { RepositoryRestore, TagMove } from '@/api/types';
import { restoreTag, useContentChanged } from '@/api/undo';
import { allOf, exact, fuzzy } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 25;

/** What the server gives as reasons; others are shown as it calls them. */
export const causes = ['push', 'retag', 'copy', 'restore', 'delete', 'delete-artifact', 'delete-repository', 'retention', 'replication', 'untagged', 'expire'] as const;

/** The moves of one tag, or of all tags of the repository. */
export function movesQuery({ project, repository }: Place, tag: string | undefined, search: Search) {
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: allOf(tag === undefined && search.q ? fuzzy('tag', search.q) : undefined, search.action ? exact('cause', search.action) : undefined),
  };
  const path = repositoryPath({ project, repository });
  return queryOptions({
    queryKey: keys.tagMoves(project, repository, tag ?? '', query),
    queryFn: ({ signal }) => client.page<TagMove>(tag === undefined ? `${path}/history` : `${path}/tags/${tag}/history`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const planQuery = ({ project, repository }: Place, at: string) =>
  queryOptions({
    queryKey: keys.restorePlan(project, repository, at),
    queryFn: ({ signal }) => client.json<RepositoryRestore>(`${repositoryPath({ project, repository })}/restore`, { query: { at }, signal }),
    staleTime: 0,
    retry: false,
  });

export function useRestoreTag(place: Place) {
  return useMutation({
    mutationFn: ({ tag, digest }: { tag: string; digest: string }) => restoreTag(place, tag, digest),
    onSuccess: useContentChanged(),
  });
}

export function useRestoreRepository(place: Place) {
  return useMutation({
    mutationFn: (at: string) => client.json<RepositoryRestore>(`${repositoryPath(place)}/restore`, { method: 'POST', body: { at } }),
    onSuccess: useContentChanged(),
  });
}
