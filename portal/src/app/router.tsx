import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, readSearch, writeSearch } from '@/lib/search';
import { CrashPage } from './CrashPage';
import { Administrators, SignedIn } from './guarded';
import { withTexts } from './lazyPage';
import { NotFoundPage } from './NotFoundPage';
import { PageSkeleton } from './PageSkeleton';
import { Shell } from './Shell';

const root = createRootRoute({ validateSearch: readSearch, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('@/features/session/SignInPage'), 'SignInPage'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyRouteComponent(withTexts(['users', 'signUp'], () => import('@/features/session/SignUpPage')), 'SignUpPage'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

// Open to everybody, as far as the server lets them see.
const projects = createRoute({
  getParentRoute: () => shell,
  path: '/projects',
  component: lazyRouteComponent(() => import('@/features/projects/ProjectsPage'), 'ProjectsPage'),
});
const search = createRoute({
  getParentRoute: () => shell,
  path: '/search',
  component: lazyRouteComponent(withTexts(['search'], () => import('@/features/search/SearchPage')), 'SearchPage'),
});
const apiDocs = createRoute({
  getParentRoute: () => shell,
  path: '/api-docs',
  component: lazyRouteComponent(withTexts(['apidocs'], () => import('@/features/apidocs/ApiDocsPage')), 'ApiDocsPage'),
});
const project = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$project',
  component: lazyRouteComponent(() => import('@/features/projects/ProjectLayout'), 'ProjectLayout'),
});
const place = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$project/repositories/$',
  component: lazyRouteComponent(() => import('./PlacePage'), 'PlacePage'),
});

// A project's tabs.
const projectTabs = [
  createRoute({
    getParentRoute: () => project,
    path: '/',
    component: lazyRouteComponent(() => import('@/features/repositories/RepositoriesPage'), 'RepositoriesPage'),
  }),
  createRoute({
    getParentRoute: () => project,
    path: '/members',
    component: lazyRouteComponent(withTexts(['members'], () => import('@/features/members/MembersPage')), 'MembersPage'),
  }),
  createRoute({
    getParentRoute: () => project,
    path: '/robots',
    component: lazyRouteComponent(withTexts(['robots'], () => import('@/features/robots/RobotsPage')), 'RobotsPage'),
  }),
  createRoute({
    getParentRoute: () => project,
    path: '/policies',
    component: lazyRouteComponent(withTexts(['policies', 'retention', 'schedules'], () => import('@/features/policies/PoliciesPage')), 'PoliciesPage'),
  }),
  createRoute({
    getParentRoute: () => project,
    path: '/labels',
    component: lazyRouteComponent(withTexts(['labels'], () => import('@/features/labels/LabelsPage')), 'LabelsPage'),
  }),
  createRoute({
    getParentRoute: () => project,
    path: '/activity',
    component: lazyRouteComponent(withTexts(['audit'], () => import('@/features/audit/ActivityPage')), 'ActivityPage'),
  }),
  createRoute({
    getParentRoute: () => project,
    path: '/recycle-bin',
    component: lazyRouteComponent(withTexts(['recycleBin'], () => import('@/features/recyclebin/RecycleBinPage')), 'RecycleBinPage'),
  }),
  createRoute({
    getParentRoute: () => project,
    path: '/settings',
    component: lazyRouteComponent(withTexts(['projectSettings'], () => import('@/features/projects/SettingsPage')), 'SettingsPage'),
  }),
] as const;

// For people who have signed in.
const signedIn = createRoute({
  getParentRoute: () => shell,
  id: 'signed-in',
  component: SignedIn,
});
const signedInPages = [
  createRoute({
    getParentRoute: () => signedIn,
    path: '/',
    component: lazyRouteComponent(() => import('@/features/home/HomePage'), 'HomePage'),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: '/audit',
    component: lazyRouteComponent(withTexts(['audit'], () => import('@/features/audit/AuditPage')), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: '/profile',
    component: lazyRouteComponent(withTexts(['profile', 'users'], () => import('@/features/profile/ProfilePage')), 'ProfilePage'),
  }),
] as const;

// For administrators of the system.
const administration = createRoute({
  getParentRoute: () => signedIn,
  id: 'administration',
  component: Administrators,
});
const administrationPages = [
  createRoute({
    getParentRoute: () => administration,
    path: '/health',
    component: lazyRouteComponent(withTexts(['health'], () => import('@/features/health/HealthPage')), 'HealthPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/users',
    component: lazyRouteComponent(withTexts(['users', 'members', 'profile'], () => import('@/features/users/UsersPage')), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/robots',
    component: lazyRouteComponent(withTexts(['robots'], () => import('@/features/robots/RobotsPage')), 'SystemRobotsPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/labels',
    component: lazyRouteComponent(withTexts(['labels'], () => import('@/features/labels/LabelsPage')), 'GlobalLabelsPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/recycle-bin',
    component: lazyRouteComponent(withTexts(['recycleBin'], () => import('@/features/recyclebin/RecycleBinPage')), 'AllBinsPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/quotas',
    component: lazyRouteComponent(withTexts(['quotas'], () => import('@/features/quotas/QuotasPage')), 'QuotasPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/audit/purge',
    component: lazyRouteComponent(withTexts(['audit', 'purge', 'schedules'], () => import('@/features/audit/PurgePage')), 'PurgePage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/replication',
    component: lazyRouteComponent(withTexts(['replication', 'schedules'], () => import('@/features/replication/ReplicationPage')), 'ReplicationPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/storage',
    component: lazyRouteComponent(withTexts(['storage', 'schedules'], () => import('@/features/storage/StoragePage')), 'StoragePage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/jobs',
    component: lazyRouteComponent(withTexts(['jobs', 'schedules', 'upkeep'], () => import('@/features/jobs/JobsPage')), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/registries',
    component: lazyRouteComponent(withTexts(['registries'], () => import('@/features/registries/RegistriesPage')), 'RegistriesPage'),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: '/settings',
    component: lazyRouteComponent(withTexts(['settings'], () => import('@/features/settings/SettingsPage')), 'SettingsPage'),
  }),
] as const;

const routeTree = root.addChildren([
  signIn,
  signUp,
  shell.addChildren([
    projects,
    search,
    apiDocs,
    project.addChildren([...projectTabs]),
    place,
    signedIn.addChildren([...signedInPages, administration.addChildren([...administrationPages])]),
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch: writeSearch,
  // A digest's colon belongs to the address that people copy.
  pathParamsAllowedCharacters: [':', '@', '+'],
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: CrashPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
