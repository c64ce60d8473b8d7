import { queryOptions } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Project, Repository } from '@/api/types';

const newest = { page: 1, page_size: 6, sort: '-update_time' };

export const newestProjectsQuery = queryOptions({
  queryKey: keys.projects.list(newest),
  queryFn: ({ signal }) => client.page<Project>('/projects', { query: newest, signal }),
});

export const newestRepositoriesQuery = queryOptions({
  queryKey: keys.repositories.everywhere(newest),
  queryFn: ({ signal }) => client.page<Repository>('/repositories', { query: newest, signal }),
});
