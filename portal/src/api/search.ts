import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from './client';
import { keys } from './keys';
import type { Found } from './types';

export const longestSearch = 255;

/** Projects, repositories, tags and artifacts by their names, as far as the reader may see them. */
export const searchQuery = (q: string, limit: number) =>
  queryOptions({
    queryKey: keys.search({ q, limit }),
    queryFn: ({ signal }) => client.json<Found>('/search/items', { query: { q, limit }, signal }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
