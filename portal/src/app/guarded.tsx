import { Navigate, Outlet, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { ApiError } from '@/lib/problem';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { PageSkeleton } from './PageSkeleton';

/**
 * Sends whoever is not signed in to the sign-in page. The server decides about everything the page then asks; this
 * only saves the detour.
 */
export function SignedIn() {
  const { user, isPending } = useCurrentUser();
  const router = useRouter();
  // Taken once: while the sign-in page is on its way, the address is already that page's.
  const [asked] = useState(() => router.state.location.href);
  const [was, setWas] = useState(false);
  if (user && !was) setWas(true);
  if (isPending) return <PageSkeleton />;
  if (!user) return <Navigate to="/sign-in" search={{ next: asked, ...(was ? { why: 'ended' } : {}) }} replace />;
  return <Outlet />;
}

/** Says why the pages of administrators are closed to other people. */
export function Administrators() {
  const { t } = useTranslation();
  const { user } = useCurrentUser();
  if (user?.sysadmin_flag || user?.admin_role_in_auth) return <Outlet />;
  return (
    <>
      <PageHeader title={t('nav.administration')} />
      <Panel>
        <ErrorState error={new ApiError({ status: 403, code: 'FORBIDDEN', message: '' })} needs={t('role.systemAdministrator')} />
      </Panel>
    </>
  );
}
