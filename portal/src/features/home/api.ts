import { queryOptions } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Project, Repository } from '@/api/types';

const shown = 6;
const newest = { page: 1, page_size: shown, sort: '-update_time' };
const newestOfAll = { ...newest, page_size: 100 };

/** The list holds public projects of other people too; "mine" are those in which the reader has a role. */
export const myProjectsQuery = queryOptions({
  queryKey: keys.projects.list(newestOfAll),
  queryFn: ({ signal }) => client.page<Project>('/projects', { query: newestOfAll, signal }),
  select: ({ items, total }) => ({ items: items.filter((project) => project.current_user_role_id).slice(0, shown), total }),
});

export const newestRepositoriesQuery = queryOptions({
  queryKey: keys.repositories.everywhere(newest),
  queryFn: ({ signal }) => client.page<Repository>('/repositories', { query: newest, signal }),
});
