import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { client } from '@/api/client';
import { currentUserQuery, systemInfoQuery } from '@/api/shared';
import { safeNext } from '@/lib/next';
import { SignInView } from './SignInView';

export function SignInPage() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { next } = useSearch({ strict: false });
  const banner = useQuery(systemInfoQuery).data?.banner_message;

  async function signIn(principal: string, password: string) {
    await client.send('/c/login', { method: 'POST', form: { principal, password } });
    // Nothing that was seen without an account, or with another one, may stay.
    queryClient.clear();
    await queryClient.fetchQuery(currentUserQuery);
    router.history.push(safeNext(next));
  }
  return <SignInView onSignIn={signIn} returning={safeNext(next) !== '/'} banner={bannerText(banner)} />;
}

/** Harbor keeps the banner as JSON inside a string. */
function bannerText(banner: string | undefined): string | undefined {
  if (!banner) return undefined;
  try {
    const { message } = JSON.parse(banner) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return banner;
  }
}
