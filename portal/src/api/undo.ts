import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { repositoryPath, type Place } from './artifacts';
import { client } from './client';
import { usePermissions } from './hooks';
import { keys } from './keys';
import type { RecycleBin, Restored, TagRestored } from './types';

/** What of a project's recycle bin: ids. */
export interface BinSelection {
  repositories?: readonly number[];
  artifacts?: readonly number[];
  /** by the id of a repository of those: what it is called from now on, without the project */
  names?: Readonly<Record<string, string>>;
}

export const binPath = (project: string) => `/projects/${encodeURIComponent(project)}/recyclebin`;

export const binQuery = (project: string) =>
  queryOptions({
    queryKey: keys.bin.of(project),
    queryFn: ({ signal }) => client.json<RecycleBin>(binPath(project), { signal }),
    staleTime: 30_000,
  });

/** For how many seconds what is deleted now can be restored, and whether the reader may do that; undefined: not known. */
export function useRecovery(project: string): { seconds: number | undefined; mayRestore: boolean } {
  const permissions = usePermissions(project);
  const { data } = useQuery({ ...binQuery(project), enabled: permissions.may('list', 'recycle-bin'), retry: false });
  return { seconds: data?.recovery_seconds, mayRestore: permissions.may('update', 'recycle-bin') && (data?.recovery_seconds ?? 0) > 0 };
}

export const restoreDeleted = (project: string, selection: BinSelection) =>
  client.json<Restored>(`${binPath(project)}/restore`, { method: 'POST', body: selection });

export const restoreTag = (place: Place, tag: string, digest: string) =>
  client.json<TagRestored>(`${repositoryPath(place)}/tags/${tag}/restore`, { method: 'POST', body: { digest } });

/** What deleting and restoring changes is asked anew. */
export function useContentChanged() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [keys.bin.all, keys.projects.all, keys.quotas.all, ['repositories'], ['artifacts']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
}

/** Brings back what was deleted a moment ago. */
export function useUndo(project: string) {
  const changed = useContentChanged();
  return {
    deletion: async (selection: BinSelection) => {
      await restoreDeleted(project, selection);
      await changed();
    },
    tag: async (place: Place, tag: string, digest: string) => {
      await restoreTag(place, tag, digest);
      await changed();
    },
  };
}
