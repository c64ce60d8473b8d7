import type { RoleName } from '@/lib/roles';

const pullers: RoleName[] = ['projectAdmin', 'maintainer', 'developer', 'guest', 'limitedGuest'];
const lookers: RoleName[] = ['projectAdmin', 'maintainer', 'developer', 'guest'];
const pushers: RoleName[] = ['projectAdmin', 'maintainer', 'developer'];
const keepers: RoleName[] = ['projectAdmin', 'maintainer'];
const admins: RoleName[] = ['projectAdmin'];

/**
 * What the roles may do, in lines that people ask about; each stands on a permission of the server's table, and a test
 * compares the two. For explaining only: buttons follow the permissions that the server sends.
 */
export const abilities = [
  { name: 'pull', permission: 'repository:pull', roles: pullers },
  { name: 'see', permission: 'member:list', roles: lookers },
  { name: 'robotsSee', permission: 'robot:list', roles: lookers },
  { name: 'push', permission: 'repository:push', roles: pushers },
  { name: 'label', permission: 'artifact-label:create', roles: pushers },
  { name: 'retention', permission: 'tag-retention:create', roles: pushers },
  { name: 'delete', permission: 'artifact:delete', roles: keepers },
  { name: 'restore', permission: 'recycle-bin:update', roles: keepers },
  { name: 'labels', permission: 'label:create', roles: keepers },
  { name: 'immutability', permission: 'immutable-tag:create', roles: keepers },
  { name: 'activity', permission: 'log:list', roles: admins },
  { name: 'purge', permission: 'recycle-bin:delete', roles: admins },
  { name: 'robots', permission: 'robot:create', roles: admins },
  { name: 'members', permission: 'member:create', roles: admins },
  { name: 'settings', permission: 'project:update', roles: admins },
] as const;
