import { queryOptions } from '@tanstack/react-query';
import { client } from '@/api/client';
import { keys } from '@/api/keys';

export interface Component {
  name: string;
  status: string;
  error?: string;
}

export interface Health {
  status: string;
  components: Component[];
}

export interface Volume {
  total: number;
  free: number;
}

export interface Statistics {
  total_project_count?: number;
  total_repo_count?: number;
  total_storage_consumption?: number;
}

const often = 15_000;

export const healthQuery = queryOptions({
  queryKey: keys.health,
  queryFn: ({ signal }) => client.json<Health>('/health', { signal }),
  refetchInterval: often,
});

export const volumesQuery = queryOptions({
  queryKey: keys.volumes,
  queryFn: async ({ signal }) => (await client.json<{ storage?: Volume[] | null }>('/systeminfo/volumes', { signal })).storage ?? [],
  refetchInterval: 60_000,
});

export const statisticsQuery = queryOptions({
  queryKey: keys.statistics,
  queryFn: ({ signal }) => client.json<Statistics>('/statistics', { signal }),
});
