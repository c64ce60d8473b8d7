import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { addLabel, addTag, artifactPath, copyArtifact, deleteArtifact, deleteTag, removeLabel, repositoryPath, useArtifactsChanged, type Place } from '@/api/artifacts';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Project, Repository, Tag } from '@/api/types';
import { fuzzy } from '@/lib/query';
import { splitName } from '@/lib/reference';

export const tagPageSize = 20;

export function tagsQuery({ project, repository }: Place, digest: string, page: number) {
  const query = { page, page_size: tagPageSize, with_immutable_status: true };
  return queryOptions({
    queryKey: keys.artifacts.tags(project, repository, digest, query),
    queryFn: ({ signal }) => client.page<Tag>(`${artifactPath({ project, repository }, digest)}/tags`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export type TextAddition = 'readme.md' | 'values.yaml' | 'license';

/** Text that was pushed inside the artifact: for a digest always the same. */
export const textQuery = ({ project, repository }: Place, digest: string, name: TextAddition) =>
  queryOptions({
    queryKey: keys.artifacts.addition(project, repository, digest, name),
    queryFn: ({ signal }) => client.text(`${artifactPath({ project, repository }, digest)}/additions/${name}`, { signal }),
    staleTime: Infinity,
  });

export interface Dependency {
  name?: string;
  version?: string;
  repository?: string;
}

export const dependenciesQuery = ({ project, repository }: Place, digest: string) =>
  queryOptions({
    queryKey: keys.artifacts.addition(project, repository, digest, 'dependencies'),
    queryFn: async ({ signal }) => (await client.json<Dependency[] | null>(`${artifactPath({ project, repository }, digest)}/additions/dependencies`, { signal })) ?? [],
    staleTime: Infinity,
  });

export interface ContentFile {
  name: string;
  type: 'file' | 'directory';
  /** bytes; left out: none */
  size?: number;
  children?: ContentFile[] | null;
}

export const filesQuery = ({ project, repository }: Place, digest: string) =>
  queryOptions({
    queryKey: keys.artifacts.addition(project, repository, digest, 'files'),
    queryFn: async ({ signal }) => (await client.json<ContentFile[] | null>(`${artifactPath({ project, repository }, digest)}/additions/files`, { signal })) ?? [],
    staleTime: Infinity,
  });

/** Projects and repositories by a part of their name, for a place to copy to. */
export const projectChoicesQuery = (name: string) =>
  queryOptions({
    queryKey: keys.projects.list({ choices: name }),
    queryFn: ({ signal }) => client.page<Project>('/projects', { query: { q: name ? fuzzy('name', name) : undefined, page_size: 10, sort: 'name' }, signal }),
    placeholderData: keepPreviousData,
  });

export const repositoryChoicesQuery = (project: string, name: string) =>
  queryOptions({
    queryKey: keys.repositories.list(project, { choices: name }),
    queryFn: ({ signal }) =>
      client.page<Repository>(`/projects/${encodeURIComponent(project)}/repositories`, { query: { q: name ? fuzzy('name', name) : undefined, page_size: 10, sort: 'name' }, signal }),
    enabled: project !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });

export function useAddTag(place: Place, digest: string) {
  return useMutation({ mutationFn: (name: string) => addTag(place, digest, name), onSuccess: useArtifactsChanged(place) });
}

export function useDeleteTag(place: Place, digest: string) {
  return useMutation({ mutationFn: (name: string) => deleteTag(place, digest, name), onSuccess: useArtifactsChanged(place) });
}

/** at: null for never */
export function useExpireTag(place: Place) {
  return useMutation({
    mutationFn: ({ tag, at }: { tag: string; at: string | null }) =>
      client.done(`${repositoryPath(place)}/tags/${tag}/expiration`, { method: 'PUT', body: { expire_time: at } }),
    onSuccess: useArtifactsChanged(place),
  });
}

export interface LabelChange {
  add: readonly number[];
  remove: readonly number[];
}

/** Each label is a request of its own: what was done before a refusal is shown too. */
export function useChangeLabels(place: Place, digest: string) {
  return useMutation({
    mutationFn: async ({ add, remove }: LabelChange) => {
      for (const id of remove) await removeLabel(place, digest, id);
      for (const id of add) await addLabel(place, digest, id);
    },
    onSettled: useArtifactsChanged(place),
  });
}

/** The artifact's own page is left after this: only lists are asked anew. */
export function useDeleteArtifact({ project, repository }: Place, digest: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteArtifact({ project, repository }, digest),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.repositories.of(project) });
      void queryClient.invalidateQueries({ queryKey: keys.projects.summary(project) });
      return queryClient.invalidateQueries({ queryKey: [...keys.artifacts.of(project, repository), 'list'] });
    },
  });
}

/** `from` and `to` with their projects: library/team/app:v1 → payments/app */
export function useCopyArtifact() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ from, to }: { from: string; to: string }) => copyArtifact(splitName(to), from),
    onSuccess: (_, { to }) => {
      const { project, repository } = splitName(to);
      void queryClient.invalidateQueries({ queryKey: keys.repositories.of(project) });
      return queryClient.invalidateQueries({ queryKey: keys.artifacts.of(project, repository) });
    },
  });
}
