import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Label } from '@/api/types';
import type { Search } from '@/lib/search';

export const pageSize = 20;

export type LabelDraft = Pick<Label, 'name'> & { description: string; color: string };

/** Of one project, or for all of them. */
export type Scope = { scope: 'g' } | { scope: 'p'; projectId: number };

const inQuery = (scope: Scope) => (scope.scope === 'p' ? { scope: 'p', project_id: scope.projectId } : { scope: 'g' });

export function labelsQuery(scope: Scope, search: Search) {
  const query = { ...inQuery(scope), page: search.page ?? 1, page_size: pageSize, name: search.q, sort: search.sort ?? 'name' };
  return queryOptions({
    queryKey: keys.labels.list(query),
    queryFn: ({ signal }) => client.page<Label>('/labels', { query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** How many artifacts of the project carry the label. */
export const labelUseQuery = (projectId: number, label: number) =>
  queryOptions({
    queryKey: [...keys.labels.all, 'use', label],
    queryFn: async ({ signal }) =>
      (await client.page<unknown>(`/projects/${projectId}/artifacts`, { query: { q: `labels=(${label})`, page_size: 1 }, signal })).total,
    staleTime: 0,
    retry: false,
  });

export function useLabelChanges(scope: Scope) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.labels.all });
  const create = useMutation({
    mutationFn: (draft: LabelDraft) => client.done('/labels', { method: 'POST', body: { ...draft, ...inQuery(scope) } }),
    onSuccess,
  });
  const update = useMutation({
    mutationFn: ({ label, draft }: { label: Label; draft: LabelDraft }) =>
      client.done(`/labels/${label.id}`, { method: 'PUT', body: { ...draft, ...inQuery(scope) }, edition: label.update_time }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (label: Label) => client.done(`/labels/${label.id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['artifacts'] });
      return onSuccess();
    },
  });
  return { create, update, remove };
}
