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
  return usePermissionState(projectName).permissions;
}

/** The same for pages that would flicker: they wait until it is known. */
export function usePermissionState(projectName: string) {
  const { user, isPending: isUserPending } = useCurrentUser();
  const project = useQuery(projectQuery(projectName)).data;
  const { data, isLoading } = useQuery({
    ...permissionsQuery(project?.project_id, user !== null),
    enabled: project !== undefined && !isUserPending,
  });
  return { permissions: data ?? nothingPermitted, isPending: project === undefined || isUserPending || isLoading };
}
