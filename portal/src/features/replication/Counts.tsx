import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ReplicationExecution } from '@/api/types';

/** "3 of 4 repositories, 1 failed". */
export function Counts({ run }: { run: ReplicationExecution }) {
  const { t } = useTranslation();
  const ended = run.total - run.in_progress;
  const words = [
    t('replication.countsDone', { done: ended, total: run.total }),
    run.failed > 0 && t('replication.countsFailed', { count: run.failed }),
    run.stopped > 0 && t('replication.countsStopped', { count: run.stopped }),
  ];
  return (
    <Text span size="sm" className="tabular" {...(run.failed > 0 ? { c: 'var(--mantine-color-error)' } : {})}>
      {run.total === 0 ? '–' : words.filter(Boolean).join(' · ')}
    </Text>
  );
}
