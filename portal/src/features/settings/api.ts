import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Value, Values } from './fields';

export interface Configurations {
  settings: Record<string, { value: Value; editable: boolean }>;
  /** what the server calls this state */
  edition: string | undefined;
}

export const configurationsQuery = queryOptions({
  queryKey: keys.configurations,
  queryFn: async ({ signal }): Promise<Configurations> => {
    const response = await client.send('/api/v2.0/configurations', { signal });
    const settings = (await response.json()) as Configurations['settings'];
    return { settings, edition: response.headers.get('ETag')?.replace(/^(?:W\/)?"(.*)"$/, '$1') };
  },
  // A form stands on it: nothing may change under the hands.
  refetchOnWindowFocus: false,
});

export function useSaveConfigurations() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ values, edition }: { values: Values; edition: string | undefined }) => client.done('/configurations', { method: 'PUT', body: values, edition }),
    onSuccess: async () => {
      void queryClient.invalidateQueries({ queryKey: keys.systemInfo });
      await queryClient.invalidateQueries({ queryKey: keys.configurations });
    },
  });
}
