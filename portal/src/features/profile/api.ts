import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Session, UserProfile } from '@/api/types';

/** This one first, then the last seen. */
export const sessionsQuery = queryOptions({
  queryKey: keys.sessions,
  queryFn: ({ signal }) => client.json<Session[]>('/users/current/sessions', { signal }),
  select: (sessions) =>
    sessions.toSorted((a, b) => Number(b.current) - Number(a.current) || b.last_seen_time.localeCompare(a.last_seen_time)),
});

export function useEndSessions() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.sessions });
  const end = useMutation({
    mutationFn: (id: string) => client.done(`/users/current/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess,
  });
  const endOthers = useMutation({ mutationFn: () => client.done('/users/current/sessions', { method: 'DELETE' }), onSuccess });
  return { end, endOthers };
}

export function useProfileChanges(userId: number) {
  const queryClient = useQueryClient();
  const update = useMutation({
    mutationFn: ({ edition, ...body }: UserProfile & { edition?: string | undefined }) =>
      client.done(`/users/${userId}`, { method: 'PUT', body, edition }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.users.all }),
  });
  const changePassword = useMutation({
    mutationFn: (body: { old_password: string; new_password: string }) =>
      client.done(`/users/${userId}/password`, { method: 'PUT', body }),
    // The server ends the other sessions with the old password.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.sessions }),
  });
  return { update, changePassword };
}
