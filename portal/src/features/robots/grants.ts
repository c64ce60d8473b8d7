import type { Permission } from '@/lib/permissions';

/** What a robot may do in one project, in all of them ("*"), or in the system ("/"). */
export interface Grant {
  kind: string;
  namespace: string;
  access: Permission[];
}

/** The names that the portal has words for; anything else the server lists is shown by its own name. */
export const resources = [
  'repository', 'artifact', 'artifact-addition', 'artifact-label', 'accessory', 'tag', 'label', 'project', 'metadata', 'member', 'log', 'quota',
  'robot', 'immutable-tag', 'tag-retention', 'scan', 'sbom', 'scanner', 'notification-policy', 'preheat-policy', 'export-cve', 'audit-log',
  'preheat-instance', 'replication-policy', 'replication', 'replication-adapter', 'registry', 'scan-all', 'system-volumes', 'garbage-collection',
  'purge-audit', 'jobservice-monitor', 'security-hub', 'catalog', 'user', 'ldap-user', 'user-group',
] as const;
export type Resource = (typeof resources)[number];
export const knownResource = (name: string): Resource | undefined => resources.find((each) => each === name);

export const actions = ['pull', 'push', 'read', 'list', 'create', 'update', 'delete', 'stop'] as const;
export type Action = (typeof actions)[number];
export const knownAction = (name: string): Action | undefined => actions.find((each) => each === name);

export const idOf = ({ resource, action }: Permission) => `${resource}:${action}`;

export interface ResourceRow {
  resource: string;
  actions: string[];
}

/** The permissions by resource, both in the order of a reader's interest: what is pushed and pulled first. */
export function byResource(permissions: readonly Permission[]): ResourceRow[] {
  const rows = new Map<string, string[]>();
  for (const { resource, action } of permissions) rows.set(resource, [...(rows.get(resource) ?? []), action]);
  return [...rows]
    .map(([resource, found]) => ({ resource, actions: found.toSorted((a, b) => rank(actions, a) - rank(actions, b)) }))
    .toSorted((a, b) => rank(resources, a.resource) - rank(resources, b.resource));
}

function rank(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at === -1 ? order.length : at;
}

export const presets = ['push', 'pull', 'read', 'cleanup', 'scan'] as const;
export type Preset = (typeof presets)[number];

const cleaning = ['repository:read', 'repository:list', 'artifact:read', 'artifact:list', 'artifact:delete', 'tag:list', 'tag:delete'];
const scanning = [
  'repository:pull', 'repository:read', 'repository:list', 'artifact:read', 'artifact:list', 'artifact-addition:read', 'accessory:list', 'tag:list',
  'scan:create', 'scan:read', 'scan:stop', 'sbom:create', 'sbom:read', 'sbom:stop',
];

const belongs: Record<Preset, (permission: Permission) => boolean> = {
  push: ({ resource, action }) => resource === 'repository' && (action === 'push' || action === 'pull'),
  pull: ({ resource, action }) => resource === 'repository' && action === 'pull',
  read: ({ action }) => action === 'read' || action === 'list' || action === 'pull',
  cleanup: (permission) => cleaning.includes(idOf(permission)),
  scan: (permission) => scanning.includes(idOf(permission)),
};

/** What a preset gives, out of what can be given. */
export const accessOf = (preset: Preset, catalogue: readonly Permission[]): Permission[] => catalogue.filter(belongs[preset]);

export function presetOf(access: readonly Permission[], catalogue: readonly Permission[]): Preset | undefined {
  const wanted = new Set(access.map(idOf));
  if (wanted.size === 0) return undefined;
  return presets.find((preset) => {
    const given = accessOf(preset, catalogue);
    return given.length === wanted.size && given.every((permission) => wanted.has(idOf(permission)));
  });
}

/** The same permissions in several projects are one line to a reader: "pull in library and web". */
export function inProjects(grants: readonly Grant[]): { namespaces: string[]; access: Permission[] }[] {
  const groups = new Map<string, { namespaces: string[]; access: Permission[] }>();
  for (const grant of grants.filter((each) => each.kind === 'project')) {
    const key = grant.access.map(idOf).toSorted().join(' ');
    const group = groups.get(key) ?? { namespaces: [], access: grant.access };
    group.namespaces.push(grant.namespace);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export const inSystem = (grants: readonly Grant[]): Permission[] => grants.filter((grant) => grant.kind === 'system').flatMap((grant) => grant.access);
