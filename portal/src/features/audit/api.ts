import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { AuditEntry } from '@/api/types';
import { allOf, exact, fuzzy, range } from '@/lib/query';
import type { Search } from '@/lib/search';

export const pageSize = 25;

/** What the filters offer: the operations and kinds of things that the log knows. */
export const operations = ['create', 'delete', 'update', 'pull', 'login', 'logout'] as const;
export const kinds = ['project', 'repository', 'artifact', 'tag', 'member', 'user', 'robot', 'configuration'] as const;

const beginning = '1970-01-01';
const end = '9999-12-31';
const datePattern = /^\d{4}-\d{2}-\d{2}$/;

const time = (date: string, clock: string) => `${date}T${clock}`;
const dateOr = (date: string | undefined, other: string) => (date && datePattern.test(date) ? date : other);

export function auditQuery(project: string | undefined, search: Search) {
  const hasTime = search.from !== undefined || search.to !== undefined;
  const query = {
    page: search.page ?? 1,
    page_size: pageSize,
    q: allOf(
      search.who ? fuzzy('username', search.who) : undefined,
      search.action ? exact('operation', search.action) : undefined,
      search.kind ? exact('resource_type', search.kind) : undefined,
      search.q ? fuzzy('resource', search.q) : undefined,
      hasTime
        ? range('op_time', time(dateOr(search.from, beginning), '00:00:00'), time(dateOr(search.to, end), '23:59:59'))
        : undefined,
    ),
    sort: '-op_time',
  };
  const path = project === undefined ? '/auditlog-exts' : `/projects/${encodeURIComponent(project)}/auditlog-exts`;
  return queryOptions({
    queryKey: keys.audit.list(project, query),
    queryFn: ({ signal }) => client.page<AuditEntry>(path, { query, signal }),
    placeholderData: keepPreviousData,
  });
}
