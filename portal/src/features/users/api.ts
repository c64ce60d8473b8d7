import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { User, UserCreation } from '@/api/types';
import { fuzzy } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 20;

export function usersQuery(search: Search) {
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: search.q ? fuzzy('username', search.q) : undefined,
    sort: search.sort ?? 'username',
  };
  return queryOptions({
    queryKey: keys.users.list(query),
    queryFn: ({ signal }) => client.page<User>('/users', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useUserChanges() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.users.all });
  const create = useMutation({
    mutationFn: (body: UserCreation) => client.done('/users', { method: 'POST', body }),
    onSuccess,
  });
  const setAdministrator = useMutation({
    mutationFn: ({ id, on }: { id: number; on: boolean }) =>
      client.done(`/users/${id}/sysadmin`, { method: 'PUT', body: { sysadmin_flag: on } }),
    onSuccess,
  });
  const setPassword = useMutation({
    mutationFn: ({ id, password }: { id: number; password: string }) =>
      client.done(`/users/${id}/password`, { method: 'PUT', body: { new_password: password } }),
  });
  const remove = useMutation({
    mutationFn: (id: number) => client.done(`/users/${id}`, { method: 'DELETE' }),
    onSuccess,
  });
  return { create, setAdministrator, setPassword, remove };
}
