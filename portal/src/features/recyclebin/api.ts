import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import { client, type Page } from '@/api/client';
import { keys } from '@/api/keys';
import type { DeletedArtifact, DeletedProject, DeletedRepository, RestoredProject, RestoredTag } from '@/api/types';
import { binPath, restoreDeleted, useContentChanged, type BinSelection } from '@/api/undo';
import { fuzzy } from '@/lib/query';
import { splitName } from '@/lib/reference';
import type { Search } from '@/lib/search';

export const pageSize = 20;

/** A deleted artifact or repository, as the list shows it. */
export interface BinRow {
  kind: 'artifact' | 'repository';
  id: number;
  project: string;
  /** without the project */
  repository: string;
  /** of a repository: another one has its name now */
  nameTaken: boolean;
  /** '' for a repository */
  digest: string;
  tags: readonly string[];
  /** how many artifacts a repository held */
  artifacts: number;
  operator: string;
  deleted: string;
  until: string;
  /** bytes that only the recycle bin keeps */
  kept: number;
}

export const isOfRepositories = (search: Search) => search.show === 'repositories';
export const isOfProjects = (search: Search) => search.show === 'projects';

const ofArtifact = (row: DeletedArtifact): BinRow => ({
  kind: 'artifact', id: row.id, project: row.project_name, repository: splitName(row.repository_name).repository, nameTaken: false, digest: row.digest, tags: row.tags, artifacts: 1,
  operator: row.operator, deleted: row.delete_time, until: row.restorable_until, kept: row.recoverable,
});
const ofRepository = (row: DeletedRepository): BinRow => ({
  kind: 'repository', id: row.id, project: row.project_name, repository: splitName(row.name).repository, nameTaken: row.name_taken, digest: '', tags: [], artifacts: row.artifact_count,
  operator: row.operator, deleted: row.delete_time, until: row.restorable_until, kept: row.recoverable,
});

/** project: undefined for those of all */
export function binRowsQuery(project: string | undefined, search: Search) {
  const query = { page: search.page ?? 1, page_size: pageSize, q: search.q ? fuzzy('repository', search.q) : undefined, sort: search.sort ?? '-delete_time' };
  const repositories = isOfRepositories(search);
  const base = project === undefined ? '/recyclebin' : binPath(project);
  return queryOptions({
    queryKey: keys.bin.list(project ?? '', { ...query, repositories }),
    queryFn: async ({ signal }): Promise<Page<BinRow>> => {
      if (repositories) {
        const page = await client.page<DeletedRepository>(`${base}/repositories`, { query, signal });
        return { total: page.total, items: page.items.map(ofRepository) };
      }
      const page = await client.page<DeletedArtifact>(`${base}/artifacts`, { query, signal });
      return { total: page.total, items: page.items.map(ofArtifact) };
    },
    placeholderData: keepPreviousData,
  });
}

export function deletedProjectsQuery(search: Search) {
  const query = { page: search.page ?? 1, page_size: pageSize, q: search.q ? fuzzy('name', search.q) : undefined, sort: search.sort ?? '-delete_time' };
  return queryOptions({
    queryKey: keys.bin.projects(query),
    queryFn: ({ signal }) => client.page<DeletedProject>('/recyclebin/projects', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Names of repositories by their ids, without the project. */
export type Names = Readonly<Record<string, string>>;

/** Another name for each repository that cannot come back under its own: another has it, or one before it among these. */
export function proposedNames(rows: readonly BinRow[]): Names {
  const taken = new Set<string>();
  const names: Record<string, string> = {};
  for (const row of rows.filter((each) => each.kind === 'repository')) {
    const full = (name: string) => `${row.project}/${name}`;
    let name = row.repository;
    for (let n = 1; taken.has(full(name)) || (name === row.repository && row.nameTaken); n++) name = `${row.repository}-restored${n > 1 ? `-${n}` : ''}`;
    taken.add(full(name));
    if (name !== row.repository) names[row.id] = name;
  }
  return names;
}

/** Each project's rows as one request names them. */
export function byProject(rows: readonly BinRow[], names: Names = {}): [project: string, selection: BinSelection][] {
  return [...new Set(rows.map((row) => row.project))].map((project) => {
    const ids = (kind: BinRow['kind']) => rows.filter((row) => row.project === project && row.kind === kind).map((row) => row.id);
    const repositories = ids('repository');
    const named = Object.fromEntries(Object.entries(names).filter(([id]) => repositories.includes(Number(id))));
    return [project, { repositories, artifacts: ids('artifact'), ...(Object.keys(named).length > 0 ? { names: named } : {}) }];
  });
}

/** Gives back the tags that did not come with the rest, for their names are used again. */
export function useRestore() {
  return useMutation({
    mutationFn: async ({ rows, names }: { rows: readonly BinRow[]; names?: Names }) => {
      const taken: RestoredTag[] = [];
      for (const [project, selection] of byProject(rows, names)) taken.push(...(await restoreDeleted(project, selection)).tags_taken);
      return taken;
    },
    onSettled: useContentChanged(),
  });
}

export function usePurge() {
  return useMutation({
    mutationFn: async (rows: readonly BinRow[]) => {
      for (const [project, selection] of byProject(rows)) await client.done(`${binPath(project)}/purge`, { method: 'POST', body: selection });
    },
    onSettled: useContentChanged(),
  });
}

export function useRestoreProject() {
  return useMutation({
    mutationFn: ({ id, name }: { id: number; name: string | undefined }) =>
      client.json<RestoredProject>(`/recyclebin/projects/${id}/restore`, { method: 'POST', body: name === undefined ? {} : { name } }),
    onSettled: useContentChanged(),
  });
}

export function useEmpty(project: string) {
  return useMutation({ mutationFn: () => client.done(binPath(project), { method: 'DELETE' }), onSuccess: useContentChanged() });
}
