import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser, usePermissionState } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { ErrorState } from '@/ui/ErrorState';
import { VisibilityMark } from '@/ui/Marks';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import classes from './ProjectLayout.module.css';

const tabs = [
  { value: 'repositories', to: '/projects/$project' },
  { value: 'members', to: '/projects/$project/members' },
  { value: 'robots', to: '/projects/$project/robots' },
  { value: 'policies', to: '/projects/$project/policies' },
  { value: 'labels', to: '/projects/$project/labels' },
  { value: 'bin', to: '/projects/$project/recycle-bin' },
  { value: 'activity', to: '/projects/$project/activity' },
  { value: 'settings', to: '/projects/$project/settings' },
] as const;

/** What a project's pages share: its name, and the tabs that the reader may open. */
export function ProjectLayout() {
  const { t } = useTranslation();
  const { project: name = '' } = useParams({ strict: false });
  const project = useQuery(projectQuery(name));
  const { permissions, isPending } = usePermissionState(name);
  const { user } = useCurrentUser();
  const bar = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  useEffect(() => {
    // On a phone the bar is longer than the screen: the open tab is brought to where it is seen.
    const tab = bar.current?.querySelector<HTMLElement>('[data-status="active"]');
    if (bar.current && tab) bar.current.scrollLeft = tab.offsetLeft - (bar.current.clientWidth - tab.offsetWidth) / 2;
  }, [pathname, isPending]);

  if (project.error && !project.data) {
    return (
      <>
        <PageHeader title={name} crumbs={[<ToProjects key="projects" />]} />
        <Panel>
          <ErrorState error={project.error} onRetry={() => void project.refetch()} needs={user ? t('role.anyMember') : undefined} />
        </Panel>
      </>
    );
  }
  const open = {
    repositories: true,
    members: permissions.may('list', 'member'),
    robots: permissions.may('list', 'robot'),
    policies: permissions.may('list', 'immutable-tag') || permissions.may('list', 'tag-retention'),
    labels: permissions.may('list', 'label'),
    bin: permissions.may('list', 'recycle-bin'),
    activity: permissions.may('list', 'log'),
    settings: permissions.may('update', '.') || permissions.may('delete', '.'),
  };
  return (
    <>
      <PageHeader
        title={name}
        crumbs={[<ToProjects key="projects" />]}
        aside={project.data && <VisibilityMark isPublic={project.data.metadata?.public === 'true'} />}
      />
      <nav ref={bar} className={classes.tabs} aria-label={t('projects.parts')}>
        {tabs
          .filter((tab) => open[tab.value])
          .map((tab) => (
            <Link
              key={tab.value}
              to={tab.to}
              params={{ project: name }}
              className={classes.tab}
              activeOptions={{ exact: true, includeSearch: false }}
            >
              {t(`projects.tabs.${tab.value}`)}
            </Link>
          ))}
        {isPending && <Skeleton height={14} width={220} m="auto 12px" aria-hidden />}
      </nav>
      <Outlet />
    </>
  );
}

function ToProjects() {
  const { t } = useTranslation();
  return (
    <TextLink to="/projects" size="sm">
      {t('nav.projects')}
    </TextLink>
  );
}
