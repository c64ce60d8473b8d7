import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { client } from '@/api/client';
import { currentUserQuery, systemInfoQuery } from '@/api/shared';
import { parseBanner } from '@/lib/banner';
import { safeNext } from '@/lib/next';
import { SignInView } from './SignInView';

export function SignInPage() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { next, why } = useSearch({ strict: false });
  const { data: info, dataUpdatedAt } = useQuery(systemInfoQuery);
  const banner = parseBanner(info?.banner_message, new Date(dataUpdatedAt));

  async function signIn(principal: string, password: string) {
    await client.send('/c/login', { method: 'POST', form: { principal, password } });
    // Nothing that was seen without an account, or with another one, may stay.
    queryClient.clear();
    await queryClient.fetchQuery(currentUserQuery);
    router.history.push(safeNext(next));
  }
  return <SignInView onSignIn={signIn} returning={safeNext(next) !== '/'} ended={why === 'ended'} banner={banner} selfRegistration={info?.self_registration === true} />;
}
