import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, type Page } from '@/api/client';
import { keys } from '@/api/keys';
import type { Project, Robot, RobotCreated } from '@/api/types';
import type { Permission } from '@/lib/permissions';
import { allOf, exact, fuzzy } from '@/lib/query';
import type { Search } from '@/lib/search';
import type { Grant } from './grants';

export const pageSize = 20;

/** Where robots live: in a project, or in the whole system. */
export type Home = { level: 'system' } | { level: 'project'; project: string; projectId: number };

export interface RobotDraft {
  name: string;
  description: string;
  /** days; -1: for ever */
  duration: number;
  permissions: Grant[];
}

export function robotsQuery(home: Home, search: Search) {
  const where = home.level === 'project' ? [exact('Level', 'project'), exact('ProjectID', String(home.projectId))] : [exact('Level', 'system')];
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: allOf(...where, search.q ? fuzzy('name', search.q) : undefined),
    sort: search.sort ?? '-creation_time',
  };
  return queryOptions({
    queryKey: keys.robots.list(query),
    queryFn: ({ signal }) => client.page<Robot>('/robots', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export interface Catalogue {
  project: Permission[];
  system: Permission[];
}

/** What a robot can be given at all; it changes with the server's version only. */
export const catalogueQuery = queryOptions({
  queryKey: keys.robots.catalogue,
  queryFn: ({ signal }) => client.json<Catalogue>('/permissions', { signal }),
  staleTime: Infinity,
});

export const projectNamesQuery = (name: string) => {
  const query = { page_size: 20, q: name === '' ? undefined : fuzzy('name', name), sort: 'name' };
  return queryOptions({
    queryKey: keys.projects.list({ ...query, namesOnly: true }),
    queryFn: async ({ signal }) => (await client.page<Project>('/projects', { query, signal })).items.map((project) => project.name),
    placeholderData: keepPreviousData,
  });
};

export function useRobotChanges(home: Home) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.robots.all });
  const create = useMutation({
    mutationFn: (draft: RobotDraft) => client.json<RobotCreated>('/robots', { method: 'POST', body: { ...draft, level: home.level, disable: false } }),
    onSuccess,
  });
  const update = useMutation({
    mutationFn: ({ robot, change }: { robot: Robot; change: Partial<Robot> }) =>
      client.done(`/robots/${robot.id}`, { method: 'PUT', body: bodyOf({ ...robot, ...change }), edition: robot.update_time }),
    onSettled: onSuccess,
  });
  /** Shown as done at once; taken back when the server refuses. */
  const setDisabled = useMutation({
    mutationFn: ({ robot, disable }: { robot: Robot; disable: boolean }) =>
      client.done(`/robots/${robot.id}`, { method: 'PUT', body: bodyOf({ ...robot, disable }), edition: robot.update_time }),
    onMutate: async ({ robot, disable }) => {
      await queryClient.cancelQueries({ queryKey: keys.robots.all });
      const before = queryClient.getQueriesData<Page<Robot>>({ queryKey: keys.robots.list({}).slice(0, 2) });
      for (const [key, page] of before) {
        if (page) queryClient.setQueryData(key, { ...page, items: page.items.map((each) => (each.id === robot.id ? { ...each, disable } : each)) });
      }
      return { before };
    },
    onError: (_error, _variables, context) => {
      for (const [key, page] of context?.before ?? []) queryClient.setQueryData(key, page);
    },
    onSettled: onSuccess,
  });
  const rotate = useMutation({
    // An empty secret asks the server for one of its own making.
    mutationFn: (robot: Robot) => client.json<{ secret: string }>(`/robots/${robot.id}`, { method: 'PATCH', body: { secret: '' } }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (robot: Robot) => client.done(`/robots/${robot.id}`, { method: 'DELETE' }),
    onSuccess,
  });
  return { create, update, setDisabled, rotate, remove };
}

/** What can be changed, and what the server wants to see unchanged. */
const bodyOf = ({ id, name, level, description, duration, disable, permissions }: Robot) => ({
  id,
  name,
  level,
  description,
  duration,
  disable,
  permissions,
});
