import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { client } from '@/api/client';
import { currentUserQuery, systemInfoQuery } from '@/api/shared';
import type { AccountDraft } from '@/lib/account';
import { safeNext } from '@/lib/next';
import { SignUpView } from './SignUpView';

/** Somebody makes an account for themselves, where the administrators allow it, and is signed in with it. */
export function SignUpPage() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { next } = useSearch({ strict: false });
  const info = useQuery(systemInfoQuery).data;

  async function signUp(account: AccountDraft) {
    await client.done('/users', { method: 'POST', body: account });
    await client.send('/c/login', { method: 'POST', form: { principal: account.username, password: account.password } });
    queryClient.clear();
    await queryClient.fetchQuery(currentUserQuery);
    router.history.push(safeNext(next));
  }
  return <SignUpView open={info?.self_registration} onSignUp={signUp} />;
}
