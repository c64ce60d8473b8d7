import { Skeleton } from '@mantine/core';
import { lazy, Suspense, type ComponentProps } from 'react';
import { ErrorState } from '@/ui/ErrorState';
import type { ActivityCharts as Charts } from './ActivityCharts';

const ActivityCharts = lazy(() => import('./ActivityCharts').then((m) => ({ default: m.ActivityCharts })));

interface Props {
  activity: { data: ComponentProps<typeof Charts>['days'] | undefined; error: unknown; refetch: () => unknown };
}

/** The charts, drawn after the page; their room is kept from the beginning. */
export function LazyActivityCharts({ activity: { data, error, refetch } }: Props) {
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const waiting = <Skeleton height={398} aria-hidden />;
  return <Suspense fallback={waiting}>{data ? <ActivityCharts days={data} /> : waiting}</Suspense>;
}
