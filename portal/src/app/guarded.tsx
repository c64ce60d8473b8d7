import { Navigate, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { ApiError } from '@/lib/problem';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { PageSkeleton } from './PageSkeleton';

const HomePage = lazy(() => import('@/features/home/HomePage').then((m) => ({ default: m.HomePage })));
const AuditPage = lazy(() => import('@/features/audit/AuditPage').then((m) => ({ default: m.AuditPage })));
const UsersPage = lazy(() => import('@/features/users/UsersPage').then((m) => ({ default: m.UsersPage })));
const ProfilePage = lazy(() => import('@/features/profile/ProfilePage').then((m) => ({ default: m.ProfilePage })));

/**
 * Sends whoever is not signed in to the sign-in page, and says why a page is closed to people who are. The server
 * decides about everything the page then asks; this only saves the detour. `administrators` is the title of a page
 * that is theirs alone.
 */
function Guard({ administrators, children }: { administrators?: string; children: ReactNode }) {
  const { t } = useTranslation();
  const { user, isPending } = useCurrentUser();
  const router = useRouter();
  // Taken once: while the sign-in page is on its way, the address is already that page's.
  const [asked] = useState(() => router.state.location.href);
  if (isPending) return <PageSkeleton />;
  if (!user) return <Navigate to="/sign-in" search={{ next: asked }} replace />;
  if (administrators !== undefined && !user.sysadmin_flag && !user.admin_role_in_auth) {
    const denied = new ApiError({ status: 403, code: 'FORBIDDEN', message: '' });
    return (
      <>
        <PageHeader title={administrators} />
        <Panel>
          <ErrorState error={denied} needs={t('users.systemAdministrator')} />
        </Panel>
      </>
    );
  }
  return <Suspense fallback={<PageSkeleton />}>{children}</Suspense>;
}

export const Home = () => (
  <Guard>
    <HomePage />
  </Guard>
);
export const Audit = () => (
  <Guard>
    <AuditPage />
  </Guard>
);
export function Users() {
  const { t } = useTranslation();
  return (
    <Guard administrators={t('nav.users')}>
      <UsersPage />
    </Guard>
  );
}
export const Profile = () => (
  <Guard>
    <ProfilePage />
  </Guard>
);
