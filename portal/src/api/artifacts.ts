import { keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { BuildStep } from '@/lib/layers';
import { isStatus } from '@/lib/problem';
import { client, repositoryInPath, type Page } from './client';
import { keys } from './keys';
import type { Artifact, Label } from './types';

/** Artifacts as the repository's page, the artifact's own and the comparison stand on them. */
export interface Place {
  project: string;
  repository: string;
}

export const repositoryPath = ({ project, repository }: Place) => `/projects/${encodeURIComponent(project)}/repositories/${repositoryInPath(repository)}`;
export const artifactPath = (place: Place, reference: string) => `${repositoryPath(place)}/artifacts/${reference}`;

export const artifactQuery = ({ project, repository }: Place, reference: string) =>
  queryOptions({
    queryKey: keys.artifacts.get(project, repository, reference),
    queryFn: ({ signal }) => {
      const query = { with_tag: true, with_accessory: true, with_label: true, with_immutable_status: true };
      return client.json<Artifact>(artifactPath({ project, repository }, reference), { query, signal });
    },
  });

/** What a digest names never changes: asked once, kept. */
export const historyQuery = ({ project, repository }: Place, digest: string) =>
  queryOptions({
    queryKey: keys.artifacts.history(project, repository, digest),
    queryFn: ({ signal }) => client.json<BuildStep[]>(`${artifactPath({ project, repository }, digest)}/additions/build_history`, { signal }),
    staleTime: Infinity,
  });

/** The manifest's exact bytes, from the management API: looking at a manifest is not pulling it. */
export const manifestQuery = ({ project, repository }: Place, digest: string) =>
  queryOptions({
    queryKey: keys.artifacts.manifest(project, repository, digest),
    queryFn: ({ signal }) => client.text(`${artifactPath({ project, repository }, digest)}/additions/manifest`, { signal }),
    staleTime: Infinity,
  });

/** The labels that an artifact of the project can wear: the project's own first, then those of everybody. */
export const wearableLabelsQuery = (projectId: number | undefined, name: string) =>
  queryOptions({
    queryKey: keys.labels.list({ wearableIn: projectId, name }),
    queryFn: async ({ signal }) => {
      const query = { name: name || undefined, page_size: 50, sort: 'name' };
      const [own, everybodys] = await Promise.all([
        // Guests see the labels that artifacts wear, and not the project's list of them.
        client.page<Label>('/labels', { query: { ...query, scope: 'p', project_id: projectId }, signal }).catch(noneIfDenied),
        client.page<Label>('/labels', { query: { ...query, scope: 'g' }, signal }),
      ]);
      return [...own.items, ...everybodys.items];
    },
    enabled: projectId !== undefined,
    placeholderData: keepPreviousData,
  });

function noneIfDenied(error: unknown): Page<Label> {
  if (isStatus(error, 403)) return { items: [], total: 0 };
  throw error;
}

export const addTag = (place: Place, digest: string, name: string) => client.done(`${artifactPath(place, digest)}/tags`, { method: 'POST', body: { name } });
export const deleteTag = (place: Place, digest: string, name: string) => client.done(`${artifactPath(place, digest)}/tags/${name}`, { method: 'DELETE' });
export const addLabel = (place: Place, digest: string, id: number) => client.done(`${artifactPath(place, digest)}/labels`, { method: 'POST', body: { id } });
export const removeLabel = (place: Place, digest: string, id: number) => client.done(`${artifactPath(place, digest)}/labels/${id}`, { method: 'DELETE' });
export const deleteArtifact = (place: Place, digest: string) => client.done(artifactPath(place, digest), { method: 'DELETE' });

/** `from`: project/repository:tag or project/repository@digest */
export const copyArtifact = (to: Place, from: string) => client.done(`${repositoryPath(to)}/artifacts`, { method: 'POST', query: { from } });

/** What is known of a repository is asked anew, but for content, which never changes. */
export function useArtifactsChanged({ project, repository }: Place) {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: keys.repositories.of(project) });
    void queryClient.invalidateQueries({ queryKey: keys.projects.summary(project) });
    return queryClient.invalidateQueries({ queryKey: keys.artifacts.of(project, repository), predicate: ({ queryKey }) => !contents.has(String(queryKey[3])) });
  };
}

const contents = new Set(['history', 'manifest', 'addition']);
