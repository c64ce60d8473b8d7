import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { AuditEntry } from '@/api/types';
import { allOf, exact, fuzzy, range } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 25;

/** What the filters offer: the operations and kinds of things that the log knows. */
export const operations = ['create', 'delete', 'update', 'restore', 'pull', 'login', 'logout'] as const;
export const kinds = ['project', 'repository', 'artifact', 'tag', 'member', 'label', 'immutable_rule', 'retention_policy', 'quota', 'user', 'robot', 'configuration', 'job', 'job_queue', 'schedule'] as const;

const beginning = '1970-01-01';
const end = '9999-12-31';
const datePattern = /^\d{4}-\d{2}-\d{2}$/;

const time = (date: string, clock: string) => `${date}T${clock}`;
const dateOr = (date: string | undefined, other: string) => (date && datePattern.test(date) ? date : other);
const pathOf = (project: string | undefined) =>
  project === undefined ? '/auditlog-exts' : `/projects/${encodeURIComponent(project)}/auditlog-exts`;

/** The filters of the address in the server's language. */
export function filterOf(search: Search): string | undefined {
  const hasTime = search.from !== undefined || search.to !== undefined;
  return allOf(
    search.who ? fuzzy('username', search.who) : undefined,
    search.action ? exact('operation', search.action) : undefined,
    search.kind ? exact('resource_type', search.kind) : undefined,
    search.result ? exact('operation_result', search.result === 'refused' ? 'false' : 'true') : undefined,
    search.q ? fuzzy('resource', search.q) : undefined,
    hasTime
      ? range('op_time', time(dateOr(search.from, beginning), '00:00:00'), time(dateOr(search.to, end), '23:59:59'))
      : undefined,
  );
}

export function auditQuery(project: string | undefined, search: Search) {
  const query = { page: search.page ?? 1, page_size: pageSize, q: filterOf(search), sort: '-op_time' };
  return queryOptions({
    queryKey: keys.audit.list(project, query),
    queryFn: ({ signal }) => client.page<AuditEntry>(pathOf(project), { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** One entry that a link names and the page does not show. */
export function entryQuery(project: string | undefined, id: string | undefined, enabled: boolean) {
  const query = { page_size: 1, q: exact('id', id ?? '') };
  return queryOptions({
    queryKey: keys.audit.list(project, query),
    queryFn: ({ signal }) => client.page<AuditEntry>(pathOf(project), { query, signal }),
    select: ({ items }) => items[0] ?? null,
    enabled: enabled && /^\d{1,18}$/.test(id ?? ''),
  });
}

/** The address of everything that the filters show, as a file. */
export function exportAddress(project: string | undefined, search: Search, format: 'csv' | 'jsonl'): string {
  const q = filterOf(search);
  const query = new URLSearchParams({ format, ...(q === undefined ? {} : { q }) });
  return `/api/v2.0${pathOf(project)}/export?${query.toString()}`;
}
