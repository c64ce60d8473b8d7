import { useQuery } from '@tanstack/react-query';
import { nothingPermitted } from '@/lib/permissions';
import { currentUserQuery, permissionsQuery, projectQuery, registryHost, systemInfoQuery } from './shared';

export function useCurrentUser() {
  const { data, isPending } = useQuery(currentUserQuery);
  return { user: data ?? null, isPending };
}

export function useRegistryHost(): string {
  return registryHost(useQuery(systemInfoQuery).data);
}

/** What the signed-in person may do in the project; nothing until the server has said so. */
export function usePermissions(projectName: string) {
  const { user } = useCurrentUser();
  const project = useQuery(projectQuery(projectName)).data;
  return useQuery(permissionsQuery(project?.project_id, user !== null)).data ?? nothingPermitted;
}
