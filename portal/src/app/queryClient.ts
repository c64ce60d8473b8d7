import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { ApiError, isStatus } from '@/lib/problem';

/** onSignedOut is told when the server no longer knows the session; what was being looked at is kept for the way back. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: check }),
    mutationCache: new MutationCache({ onError: check }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        // A refusal stays one; only what may be a hiccup is asked again.
        retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  });
  function check(error: unknown) {
    if (!isStatus(error, 401)) return;
    client.setQueryData(keys.currentUser, null);
    onSignedOut();
  }
  return client;
}
