import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Member, UserSearchItem } from '@/api/types';
import type { Search } from '@/lib/search';

export const pageSize = 20;

const pathOf = (project: string) => `/projects/${encodeURIComponent(project)}/members`;

export function membersQuery(project: string, search: Search) {
  const query = { page: search.page ?? 1, page_size: pageSize, entityname: search.q };
  return queryOptions({
    queryKey: keys.members.list(project, query),
    queryFn: ({ signal }) => client.page<Member>(pathOf(project), { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export const userSearchQuery = (username: string) =>
  queryOptions({
    queryKey: keys.users.search(username),
    queryFn: ({ signal }) => client.page<UserSearchItem>('/users/search', { query: { username, page_size: 10 }, signal }),
    enabled: username !== '',
    placeholderData: keepPreviousData,
  });

export function useMemberChanges(project: string) {
  const queryClient = useQueryClient();
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: keys.projects.all });
    return queryClient.invalidateQueries({ queryKey: keys.members.of(project) });
  };
  const add = useMutation({
    mutationFn: ({ username, role }: { username: string; role: number }) =>
      client.done(pathOf(project), { method: 'POST', body: { role_id: role, member_user: { username } } }),
    onSuccess,
  });
  const setRole = useMutation({
    mutationFn: ({ id, role }: { id: number; role: number }) =>
      client.done(`${pathOf(project)}/${id}`, { method: 'PUT', body: { role_id: role } }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: number) => client.done(`${pathOf(project)}/${id}`, { method: 'DELETE' }),
    onSuccess,
  });
  return { add, setRole, remove };
}
