import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExecutionTask } from '@/api/types';
import { refusalText } from '@/ui/refusalText';
import { isUnfinished, logQuery } from './api';
import classes from './Jobs.module.css';

/** A task's log, followed to its end unless the reader has scrolled up. */
export function LogView({ task }: { task: ExecutionTask }) {
  const { t, i18n } = useTranslation();
  const { data, error } = useQuery(logQuery(task.job_id, task.run_count));
  const box = useRef<HTMLPreElement>(null);
  const following = useRef(true);
  const clock = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' });

  useEffect(() => {
    if (box.current && following.current) box.current.scrollTop = box.current.scrollHeight;
  }, [data?.next]);
  function onScroll() {
    const { current } = box;
    if (current) following.current = current.scrollHeight - current.scrollTop - current.clientHeight < 24;
  }
  const running = isUnfinished(task.status);
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={600}>
          {t('jobs.log')}
        </Text>
        <Text size="xs" c="dimmed" component="a" href={`/api/v2.0/jobservice/jobs/${task.job_id}/log`} target="_blank" rel="noreferrer">
          {t('jobs.whole')}
        </Text>
      </Group>
      {error && data === undefined ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {t('jobs.loadFailed', { message: refusalText(error) })}
        </Text>
      ) : (
        <pre ref={box} className={classes.log} role="log" aria-label={t('jobs.logOf', { id: task.id })} aria-busy={data === undefined} tabIndex={0} onScroll={onScroll}>
          {data?.lines.length === 0 && (running ? t('jobs.noLog') : t('jobs.logGone'))}
          {data?.lines.map((line) => (
            <div key={line.seq} data-level={line.level}>
              <time dateTime={line.at}>{clock.format(new Date(line.at))}</time>
              {line.text}
            </div>
          ))}
        </pre>
      )}
      {running && (
        <Text size="xs" c="dimmed">
          {t('jobs.live')}
        </Text>
      )}
    </>
  );
}
