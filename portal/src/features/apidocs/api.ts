import { queryOptions } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';
import type { OpenAPI } from './document';

/** The server's own description of its API: it cannot be out of date. */
export const documentQuery = queryOptions({
  queryKey: keys.operations,
  queryFn: ({ signal }) => client.json<OpenAPI>('/openapi.json', { signal }),
  staleTime: Infinity,
});
