import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, readSearch, writeSearch } from '@/lib/search';
import { CrashPage } from './CrashPage';
import { NotFoundPage } from './NotFoundPage';
import { PageSkeleton } from './PageSkeleton';
import { Shell } from './Shell';

const root = createRootRoute({ validateSearch: readSearch, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('@/features/session/SignInPage'), 'SignInPage'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./guarded'), 'Home'),
});
const projects = createRoute({
  getParentRoute: () => shell,
  path: '/projects',
  component: lazyRouteComponent(() => import('@/features/projects/ProjectsPage'), 'ProjectsPage'),
});
const project = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$project',
  component: lazyRouteComponent(() => import('@/features/projects/ProjectLayout'), 'ProjectLayout'),
});
const projectRepositories = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/repositories/RepositoriesPage'), 'RepositoriesPage'),
});
const projectMembers = createRoute({
  getParentRoute: () => project,
  path: '/members',
  component: lazyRouteComponent(() => import('@/features/members/MembersPage'), 'MembersPage'),
});
const projectActivity = createRoute({
  getParentRoute: () => project,
  path: '/activity',
  component: lazyRouteComponent(() => import('@/features/audit/ActivityPage'), 'ActivityPage'),
});
const projectSettings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/projects/SettingsPage'), 'SettingsPage'),
});
const place = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$project/repositories/$',
  component: lazyRouteComponent(() => import('./PlacePage'), 'PlacePage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('./guarded'), 'Audit'),
});
const users = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  component: lazyRouteComponent(() => import('./guarded'), 'Users'),
});
const profile = createRoute({
  getParentRoute: () => shell,
  path: '/profile',
  component: lazyRouteComponent(() => import('./guarded'), 'Profile'),
});

const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    projects,
    project.addChildren([projectRepositories, projectMembers, projectActivity, projectSettings]),
    place,
    audit,
    users,
    profile,
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
