import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { activityQuery } from '@/api/activity';
import { useCurrentUser, useRegistryHost } from '@/api/hooks';
import { usePins } from '@/api/preferences';
import { notify } from '@/ui/notify';
import { fullProjectsQuery, newestRepositoriesQuery, pinnedProjectsQuery, recentProjectsQuery } from './api';
import { HomeView } from './HomeView';

export function HomePage() {
  const { t } = useTranslation();
  const { user } = useCurrentUser();
  const host = useRegistryHost();
  const { pins, unknown, toggle } = usePins();
  const pinned = useQuery({ ...pinnedProjectsQuery(pins ?? []), placeholderData: keepPreviousData });
  const projects = useQuery(recentProjectsQuery);
  const full = useQuery(fullProjectsQuery);
  return (
    <HomeView
      username={user?.username ?? ''}
      name={user?.realname || user?.username || ''}
      host={host}
      // All of the column at once, so that nothing comes in between and moves what is already read.
      waiting={projects.isPending || full.isPending || (pins === undefined ? !unknown : pinned.isLoading)}
      projects={projects}
      repositories={useQuery(newestRepositoriesQuery)}
      full={full.data?.items ?? []}
      pins={pins}
      pinned={pinned.data?.filter((project) => pins?.includes(project.project_id)) ?? []}
      activity={useQuery(activityQuery(undefined))}
      onPin={(id) => toggle(id, (error) => notify.failed(t('projects.pinFailed'), error))}
    />
  );
}
