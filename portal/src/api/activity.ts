import { queryOptions } from '@tanstack/react-query';
import { client } from './client';
import { keys } from './keys';
import type { ActivityDay } from './types';

/** Without a project: the sum over all that the reader may see. */
export const activityQuery = (project: string | undefined, days = 30) =>
  queryOptions({
    queryKey: keys.activity(project, days),
    queryFn: ({ signal }) => {
      const path = project === undefined ? '/statistics/activity' : `/projects/${encodeURIComponent(project)}/activity`;
      return client.json<ActivityDay[]>(path, { query: { days }, signal });
    },
    staleTime: 5 * 60_000,
  });
