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
  | { kind: 'comparison'; repository: string; from: string; to: string }
  | { kind: 'history'; repository: string; tag: string | undefined }
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
  if (kind === 'history' && reference === undefined) return { kind: 'history', repository, tag: undefined };
  if (kind === 'tags' && reference && isTag(reference) && more.length === 1 && more[0] === 'history') return { kind: 'history', repository, tag: reference };
  if (!reference || more.length > 0) return { kind: 'none' };
  if (kind === 'tags' && isTag(reference)) return { kind: 'artifact', repository, reference };
  if (kind === 'artifacts' && isDigest(reference)) return { kind: 'artifact', repository, reference };
  const compared = kind === 'compare' ? splitCompared(reference) : undefined;
  return compared ? { kind: 'comparison', repository, ...compared } : { kind: 'none' };
}

/** "v1...v2". A tag may end in dots and hold more of them, but it never begins with one. */
function splitCompared(text: string): { from: string; to: string } | undefined {
  const isReference = (name: string) => isTag(name) || isDigest(name);
  for (let at = text.indexOf('...'); at !== -1; at = text.indexOf('...', at + 1)) {
    const [from, to] = [text.slice(0, at), text.slice(at + 3)];
    if (isReference(from) && isReference(to)) return { from, to };
  }
  return undefined;
}

export function placeOf(repository: string, reference?: string): string {
  if (reference === undefined) return repository;
  return `${repository}/-/${isDigest(reference) ? 'artifacts' : 'tags'}/${reference}`;
}

/** Where two artifacts are compared. A tag that holds "..." itself would be read otherwise, so its digest stands for it. */
export function comparisonOf(repository: string, from: Named, to: Named): string {
  return `${repository}/-/compare/${unmistakable(from)}...${unmistakable(to)}`;
}

interface Named {
  digest: string;
  tag?: string | undefined;
}

const unmistakable = ({ tag, digest }: Named) => (tag === undefined || tag.includes('..') || tag.endsWith('.') ? digest : tag);

/** "library/team/app" → its project and the rest. */
export function splitName(name: string): { project: string; repository: string } {
  const at = name.indexOf('/');
  return at === -1 ? { project: '', repository: name } : { project: name.slice(0, at), repository: name.slice(at + 1) };
}

const componentPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;

/** A repository's name inside its project, as the OCI distribution-spec allows it. */
export const isRepositoryName = (name: string) => name.length <= 255 && name.split('/').every((part) => componentPattern.test(part));
