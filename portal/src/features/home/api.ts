import { queryOptions } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Project, Repository } from '@/api/types';

const shown = 6;
const newest = { page: 1, page_size: shown, sort: '-update_time' };

function projectsQuery(query: Record<string, string | number | boolean>) {
  return queryOptions({
    queryKey: keys.projects.list(query),
    queryFn: ({ signal }) => client.page<Project>('/projects', { query, signal }),
  });
}

/** Those in which the reader has a role, the last changed first. */
export const recentProjectsQuery = projectsQuery({ ...newest, mine: true });

/** From 85 percent of a limit on, as far as the reader may see quotas. */
export const fullProjectsQuery = projectsQuery({ page: 1, page_size: shown, mine: true, storage_over: 85 });

/** The pinned ones, in the order of pinning; one that is gone, or no longer the reader's to see, is left out. */
export const pinnedProjectsQuery = (pins: readonly number[]) =>
  queryOptions({
    ...projectsQuery({ page: 1, page_size: 50, q: `project_id={${pins.join(' ')}}` }),
    enabled: pins.length > 0,
    select: ({ items }) => pins.flatMap((pin) => items.find((project) => project.project_id === pin) ?? []),
  });

export const newestRepositoriesQuery = queryOptions({
  queryKey: keys.repositories.everywhere(newest),
  queryFn: ({ signal }) => client.page<Repository>('/repositories', { query: newest, signal }),
});
