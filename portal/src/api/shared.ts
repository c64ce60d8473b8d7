import { queryOptions } from '@tanstack/react-query';
import { nothingPermitted, Permissions, type Permission } from '@/lib/permissions';
import { isStatus } from '@/lib/problem';
import { client } from './client';
import { keys } from './keys';
import type { Project, ProjectSummary, SystemInfo, User } from './types';

/** The queries that more than one feature stands on. */
export const systemInfoQuery = queryOptions({
  queryKey: keys.systemInfo,
  queryFn: ({ signal }) => client.json<SystemInfo>('/systeminfo', { signal }),
  staleTime: 5 * 60_000,
});

/** null: nobody is signed in, which is an answer and not a failure. */
export const currentUserQuery = queryOptions({
  queryKey: keys.currentUser,
  queryFn: async ({ signal }): Promise<User | null> => {
    try {
      return await client.json<User>('/users/current', { signal });
    } catch (error) {
      if (isStatus(error, 401)) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const projectQuery = (name: string) =>
  queryOptions({
    queryKey: keys.projects.get(name),
    queryFn: ({ signal }) => client.json<Project>(`/projects/${encodeURIComponent(name)}`, { signal }),
    staleTime: 30_000,
  });

export const permissionsQuery = (projectId: number | undefined, signedIn: boolean) =>
  queryOptions({
    queryKey: keys.projects.permissions(projectId ?? 0, signedIn),
    queryFn: async ({ signal }) => {
      // Nobody in particular has no permissions to ask for; what is public shows itself by being readable.
      if (!signedIn) return nothingPermitted;
      const query = { scope: `/project/${projectId}`, relative: true };
      return new Permissions(await client.json<Permission[]>('/users/current/permissions', { query, signal }));
    },
    structuralSharing: false,
    staleTime: 60_000,
  });

export const summaryQuery = (name: string) =>
  queryOptions({
    queryKey: keys.projects.summary(name),
    queryFn: ({ signal }) => client.json<ProjectSummary>(`/projects/${encodeURIComponent(name)}/summary`, { signal }),
  });

/** The host that docker and its like are given: what the server was told it is called, else this page's own. */
export function registryHost(info: SystemInfo | undefined): string {
  return info?.registry_url || window.location.host;
}
