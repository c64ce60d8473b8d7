import { parsePlace } from './reference';
import { remember, remembered } from './storage';

const kept = 8;

export interface Visit {
  /** "library", "library/team/app", "library/team/app:v1" */
  name: string;
  kind: 'project' | 'repository' | 'artifact';
  path: string;
}

/** What an address shows, where it is something with a name; a page's tabs count as the page. */
export function visitOf(pathname: string): Visit | undefined {
  const [, project, rest] = /^\/projects\/([^/]+)(?:\/(.*))?$/.exec(safelyDecoded(pathname)) ?? [];
  if (project === undefined) return undefined;
  if (!rest?.startsWith('repositories/')) return { name: project, kind: 'project', path: `/projects/${project}` };
  const place = parsePlace(rest.slice('repositories/'.length));
  if (place.kind === 'repository') return { name: `${project}/${place.repository}`, kind: 'repository', path: pathname };
  if (place.kind !== 'artifact') return undefined;
  const mark = place.reference.includes(':') ? '@' : ':';
  return { name: `${project}/${place.repository}${mark}${place.reference}`, kind: 'artifact', path: pathname };
}

export function recentVisits(): Visit[] {
  try {
    const paths: unknown = JSON.parse(remembered('recent') ?? '[]');
    if (!Array.isArray(paths)) return [];
    return paths.flatMap((path) => (typeof path === 'string' ? (visitOf(path) ?? []) : [])).slice(0, kept);
  } catch {
    return [];
  }
}

/** The last seen first, each once. */
export function rememberVisit(pathname: string): void {
  const visit = visitOf(pathname);
  if (!visit) return;
  const others = recentVisits().filter(({ path }) => path !== visit.path);
  remember('recent', JSON.stringify([visit, ...others].slice(0, kept).map(({ path }) => path)));
}

/** Names of private projects are not for whoever uses this browser next. */
export const forgetVisits = () => remember('recent', '[]');

function safelyDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
