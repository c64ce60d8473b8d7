import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client';
import { useCurrentUser } from './hooks';
import { keys } from './keys';
import type { Preferences } from './types';

export const mostPins = 50;

/** What a person has chosen, wherever they sign in; what is empty or missing was never chosen. */
export const preferencesQuery = queryOptions({
  queryKey: keys.preferences,
  queryFn: ({ signal }) => client.json<Preferences>('/users/current/preferences', { signal }),
  staleTime: 5 * 60_000,
});

export function usePreferences(): Preferences | undefined {
  return usePreferencesState().data;
}

function usePreferencesState() {
  const { user } = useCurrentUser();
  return useQuery({ ...preferencesQuery, enabled: user !== null });
}

/** Changes some of them, at once for the eye; what was shown comes back when the server refuses. */
export function useChangePreferences() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (change: Preferences) => {
      const body = { ...(await queryClient.ensureQueryData(preferencesQuery)), ...change };
      await client.done('/users/current/preferences', { method: 'PUT', body });
    },
    // One after the other: the server is sent all of them, so two at once could undo each other.
    scope: { id: 'preferences' },
    onMutate: async (change) => {
      await queryClient.cancelQueries({ queryKey: keys.preferences });
      const before = queryClient.getQueryData(preferencesQuery.queryKey);
      if (before) queryClient.setQueryData(preferencesQuery.queryKey, { ...before, ...change });
      return { before };
    },
    onError: (_error, _change, context) => {
      if (context?.before) queryClient.setQueryData(preferencesQuery.queryKey, context.before);
    },
  });
}

/** The projects that a person keeps at hand. */
export function usePins() {
  const { data: preferences, isError } = usePreferencesState();
  const change = useChangePreferences();
  const pins = preferences?.pinned_projects ?? [];
  return {
    /** undefined: nobody in particular, or not known yet */
    pins: preferences && pins,
    /** they could not be asked for */
    unknown: isError,
    toggle: (id: number, onError?: (error: unknown) => void) =>
      change.mutate(
        { pinned_projects: pins.includes(id) ? pins.filter((pin) => pin !== id) : [id, ...pins].slice(0, mostPins) },
        onError ? { onError } : {},
      ),
  };
}
