/** Harbor's role ids in the order of what they may do, most first. */
export const roles = [
  { id: 1, name: 'projectAdmin' },
  { id: 4, name: 'maintainer' },
  { id: 2, name: 'developer' },
  { id: 3, name: 'guest' },
  { id: 5, name: 'limitedGuest' },
] as const;

export type RoleName = (typeof roles)[number]['name'];

export const roleName = (id: number | undefined): RoleName | undefined => roles.find((role) => role.id === id)?.name;
