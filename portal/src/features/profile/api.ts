import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { UserProfile } from '@/api/types';

export function useProfileChanges(userId: number) {
  const queryClient = useQueryClient();
  const update = useMutation({
    mutationFn: (body: UserProfile) => client.done(`/users/${userId}`, { method: 'PUT', body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.users.all }),
  });
  const changePassword = useMutation({
    mutationFn: (body: { old_password: string; new_password: string }) =>
      client.done(`/users/${userId}/password`, { method: 'PUT', body }),
  });
  return { update, changePassword };
}
