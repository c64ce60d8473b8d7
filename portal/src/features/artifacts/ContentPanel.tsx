import { Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';

interface Props<T> {
  title: string;
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  isEmpty: (content: T) => boolean;
  flush?: boolean;
  actions?: (content: T) => ReactNode;
  children: (content: T) => ReactNode;
}

/** Something that was pushed inside an artifact: loading, failed, empty, or there. */
export function ContentPanel<T>({ title, query, isEmpty, flush = false, actions, children }: Props<T>) {
  const { t } = useTranslation();
  const { data } = query;
  if (data === undefined && query.error) {
    return (
      <Panel>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </Panel>
    );
  }
  if (data === undefined) {
    return (
      <Panel title={title}>
        <Skeleton height={280} />
      </Panel>
    );
  }
  const empty = isEmpty(data);
  return (
    <Panel title={title} flush={flush && !empty} actions={!empty && actions?.(data)}>
      {empty ? (
        <Text size="sm" c="dimmed">
          {t('chart.empty')}
        </Text>
      ) : (
        children(data)
      )}
    </Panel>
  );
}
