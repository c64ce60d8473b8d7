import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, repositoryInPath } from '@/api/client';
import { keys } from '@/api/keys';
import type { Artifact, Tag } from '@/api/types';
import type { BuildStep } from '@/lib/layers';

export const tagPageSize = 20;

const pathOf = (project: string, repository: string, reference: string) =>
  `/projects/${encodeURIComponent(project)}/repositories/${repositoryInPath(repository)}/artifacts/${reference}`;

export const artifactQuery = (project: string, repository: string, reference: string) =>
  queryOptions({
    queryKey: keys.artifacts.get(project, repository, reference),
    queryFn: ({ signal }) => {
      const query = { with_tag: true, with_accessory: true, with_label: false };
      return client.json<Artifact>(pathOf(project, repository, reference), { query, signal });
    },
  });

export function tagsQuery(project: string, repository: string, digest: string, page: number) {
  const query = { page, page_size: tagPageSize, with_immutable_status: true };
  return queryOptions({
    queryKey: keys.artifacts.tags(project, repository, digest, query),
    queryFn: ({ signal }) => client.page<Tag>(`${pathOf(project, repository, digest)}/tags`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** What a digest names never changes: asked once, kept. */
export const historyQuery = (project: string, repository: string, digest: string) =>
  queryOptions({
    queryKey: keys.artifacts.history(project, repository, digest),
    queryFn: ({ signal }) =>
      client.json<BuildStep[]>(`${pathOf(project, repository, digest)}/additions/build_history`, { signal }),
    staleTime: Infinity,
  });

/** The manifest's exact bytes, from the management API: looking at a manifest is not pulling it. */
export const manifestQuery = (project: string, repository: string, digest: string) =>
  queryOptions({
    queryKey: keys.artifacts.manifest(project, repository, digest),
    queryFn: ({ signal }) => client.text(`${pathOf(project, repository, digest)}/additions/manifest`, { signal }),
    staleTime: Infinity,
  });

function useStale(project: string, repository: string) {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: keys.repositories.of(project) });
    return queryClient.invalidateQueries({ queryKey: keys.artifacts.of(project, repository), predicate: isNotContent });
  };
}

const isNotContent = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[3] !== 'history' && queryKey[3] !== 'manifest';

export function useAddTag(project: string, repository: string, digest: string) {
  const stale = useStale(project, repository);
  return useMutation({
    mutationFn: (name: string) => client.done(`${pathOf(project, repository, digest)}/tags`, { method: 'POST', body: { name } }),
    onSuccess: stale,
  });
}

export function useDeleteTag(project: string, repository: string, digest: string) {
  const stale = useStale(project, repository);
  return useMutation({
    mutationFn: (name: string) => client.done(`${pathOf(project, repository, digest)}/tags/${name}`, { method: 'DELETE' }),
    onSuccess: stale,
  });
}

export function useDeleteArtifact(project: string, repository: string, digest: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => client.done(pathOf(project, repository, digest), { method: 'DELETE' }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.repositories.of(project) });
      return queryClient.invalidateQueries({ queryKey: [...keys.artifacts.of(project, repository), 'list'] });
    },
  });
}
