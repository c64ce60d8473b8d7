import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { Registry, RegistryProvider } from '@/api/types';
import type { Search } from '@/lib/search';
import { changeOf, creationOf, pingOf, type Draft } from './draft';

export const pageSize = 20;

/** Registries are looked at every few minutes; the page follows. */
const refreshEvery = 30_000;

export function registriesQuery(search: Search) {
  const query = { page: search.page ?? 1, page_size: pageSize, name: search.q, q: search.show ? `status=${search.show}` : undefined, sort: search.sort ?? 'name' };
  return queryOptions({
    queryKey: keys.registries.list(query),
    queryFn: ({ signal }) => client.page<Registry>('/registries', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEvery,
  });
}

/** What there is an adapter for, and what each asks for. */
export const kindsQuery = queryOptions({
  queryKey: keys.registries.kinds,
  queryFn: ({ signal }) => client.json<Record<string, RegistryProvider>>('/replication/adapterinfos', { signal }),
  staleTime: Infinity,
});

export const testConnection = (draft: Draft, registry: Registry | undefined) => client.done('/registries/ping', { method: 'POST', body: pingOf(draft, registry) });

export const testRegistry = (registry: Registry) => client.done('/registries/ping', { method: 'POST', body: { id: registry.id } });

export function useRegistryChanges() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.registries.all });
  const create = useMutation({ mutationFn: (draft: Draft) => client.done('/registries', { method: 'POST', body: creationOf(draft) }), onSuccess });
  const update = useMutation({
    mutationFn: ({ registry, draft }: { registry: Registry; draft: Draft }) =>
      client.done(`/registries/${registry.id}`, { method: 'PUT', body: changeOf(draft, registry), edition: registry.update_time }),
    onSuccess,
  });
  const remove = useMutation({ mutationFn: (registry: Registry) => client.done(`/registries/${registry.id}`, { method: 'DELETE' }), onSuccess });
  return { create, update, remove };
}
