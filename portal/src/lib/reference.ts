/**
 * Names as the OCI distribution-spec has them, and the portal's addresses for them.
 * In an address `/-/` ends the repository's name: `-` alone is not a legal name component.
 */
const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-zA-Z=_-]{32,}$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const projectPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

export type Place =
  | { kind: 'repository'; repository: string }
  | { kind: 'artifact'; repository: string; reference: string }
  | { kind: 'none' };

export const isDigest = (reference: string) => digestPattern.test(reference);
export const isTag = (name: string) => tagPattern.test(name);
export const isProjectName = (name: string) => name.length <= 255 && projectPattern.test(name);

/** "sha256:0123…" → "0123456789ab": twelve characters tell digests apart in a list. */
export function shortDigest(digest: string): string {
  const [, hex = digest] = digest.split(':');
  return hex.slice(0, 12);
}

/** "library/team/app" in project "library" → "team/app". */
export function withoutProject(name: string, project: string): string {
  return name.startsWith(`${project}/`) ? name.slice(project.length + 1) : name;
}

export function joinReference(repository: string, reference: string): string {
  return isDigest(reference) ? `${repository}@${reference}` : `${repository}:${reference}`;
}

/** What follows /projects/{project}/repositories/ in the address bar. */
export function parsePlace(rest: string): Place {
  const path = rest.replace(/^\/+|\/+$/g, '');
  const [repository = '', ...tail] = path.split('/-/');
  if (repository === '' || tail.length > 1) return { kind: 'none' };
  if (tail.length === 0) return { kind: 'repository', repository };
  const [kind, reference, ...more] = (tail[0] ?? '').split('/');
  if (!reference || more.length > 0) return { kind: 'none' };
  if (kind === 'tags' && isTag(reference)) return { kind: 'artifact', repository, reference };
  if (kind === 'artifacts' && isDigest(reference)) return { kind: 'artifact', repository, reference };
  return { kind: 'none' };
}

export function placeOf(repository: string, reference?: string): string {
  if (reference === undefined) return repository;
  return `${repository}/-/${isDigest(reference) ? 'artifacts' : 'tags'}/${reference}`;
}
