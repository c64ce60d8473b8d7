import { useQuery } from '@tanstack/react-query';
import { useCurrentUser, useRegistryHost } from '@/api/hooks';
import { myProjectsQuery, newestRepositoriesQuery } from './api';
import { HomeView } from './HomeView';

export function HomePage() {
  const { user } = useCurrentUser();
  const host = useRegistryHost();
  const projects = useQuery(myProjectsQuery);
  const repositories = useQuery(newestRepositoriesQuery);
  return (
    <HomeView
      username={user?.username ?? ''}
      name={user?.realname || user?.username || ''}
      host={host}
      projects={projects}
      repositories={repositories}
    />
  );
}
