import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { refusalText } from '@/ui/refusalText';
import { logQuery } from './api';
import classes from './Replication.module.css';

/** The log of a part of a run, or of what was looked for before there was any. */
export function RunLog({ run, task, attempt, running }: { run: string; task: number | undefined; attempt: number; running: boolean }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(logQuery(run, task, attempt, running));
  if (error && data === undefined) {
    return (
      <Text size="sm" c="var(--mantine-color-error)" role="alert">
        {t('replication.logFailed', { message: refusalText(error) })}
      </Text>
    );
  }
  return (
    <pre className={classes.log} role="log" aria-label={t('replication.log')} aria-busy={data === undefined} tabIndex={0}>
      {data === '' ? t('replication.noLog') : data}
    </pre>
  );
}
