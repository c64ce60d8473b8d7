import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { isRefusal, isStatus } from '@/lib/problem';

/** onSignedOut is told when the server no longer knows the session, and whether there was one. */
export function createQueryClient(onSignedOut: (ended: boolean) => void): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: check }),
    mutationCache: new MutationCache({
      onError: (error) => {
        check(error);
        if (isStatus(error, 403)) askAgain();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        // A refusal stays one; only what may be a hiccup is asked again.
        retry: (failures, error) => failures < 2 && !isRefusal(error),
      },
    },
  });
  function check(error: unknown) {
    if (!isStatus(error, 401)) return;
    const ended = Boolean(client.getQueryData(keys.currentUser));
    client.setQueryData(keys.currentUser, null);
    onSignedOut(ended);
  }
  /** A button that the server refuses was drawn from rights that are gone: with the present ones it goes too. */
  function askAgain() {
    void client.invalidateQueries({ queryKey: keys.projects.allPermissions });
    void client.invalidateQueries({ queryKey: keys.currentUser });
  }
  return client;
}
