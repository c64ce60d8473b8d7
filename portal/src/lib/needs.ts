import { ApiError } from './problem';
import { roles, type RoleName } from './roles';

export type Needed = RoleName | 'systemAdministrator';

/**
 * Who would be allowed, as the server says when it refuses: "… needs the role projectAdmin or maintainer; ask …" or
 * "… needs a system administrator". Strongest first; empty when the refusal does not say.
 */
export function neededFor(error: unknown): Needed[] {
  if (!(error instanceof ApiError) || error.status !== 403) return [];
  const [, needs = ''] = error.message.split(' needs ');
  if (needs.includes('system administrator')) return ['systemAdministrator'];
  const words = needs.split(/[^A-Za-z]+/);
  return roles.map((role) => role.name).filter((name) => words.includes(name));
}

/** The least that is enough. */
export const leastNeeded = (error: unknown): Needed | undefined => neededFor(error).at(-1);
