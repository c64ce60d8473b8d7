import { Alert, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StorageSummary } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { useFormat } from '@/ui/format';
import { PauseIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import classes from './Storage.module.css';

interface Props {
  summary: { data: StorageSummary | undefined; error: unknown; refetch: () => unknown };
}

/** What is stored, what can still be restored, what waits and what was freed. */
export function StorageState({ summary }: Props) {
  const { t } = useTranslation();
  const { data, error } = summary;
  return (
    <Panel title={t('storage.state')}>
      {data !== undefined ? (
        <Numbers summary={data} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void summary.refetch()} needs={t('role.systemAdministrator')} />
      ) : (
        <div className={classes.numbers} aria-busy>
          {[1, 2, 3, 4, 5].map((each) => (
            <Skeleton key={each} height={64} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function Numbers({ summary }: { summary: StorageSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const freed = (of: StorageSummary['freed_today']) => t('storage.freedText', { count: of.blobs + of.manifests });
  return (
    <Stack gap="md">
      {summary.paused && (
        <Alert color="amber" icon={<PauseIcon size={18} />}>
          {t('storage.paused')}{' '}
          <TextLink to="/jobs" size="sm">
            {t('storage.pausedLink')}
          </TextLink>
        </Alert>
      )}
      <dl className={classes.numbers}>
        <Amount name={t('storage.stored')} bytes={summary.stored} text={t('storage.storedText')} />
        <Amount name={t('storage.bin')} bytes={summary.bin.bytes} text={t('storage.binText', { count: summary.bin.count })} />
        <Amount
          name={t('storage.waiting')}
          bytes={summary.waiting.bytes}
          text={
            <>
              {t('storage.waitingText', { count: summary.waiting.count })}
              {summary.due.count > 0 && <>, {t('storage.due', { size: format.bytes(summary.due.bytes) })}</>}
            </>
          }
        />
        <Amount name={t('storage.freedToday')} bytes={summary.freed_today.bytes} text={freed(summary.freed_today)} />
        <Amount name={t('storage.freedMonth')} bytes={summary.freed_30_days.bytes} text={freed(summary.freed_30_days)} />
      </dl>
      {summary.due_since && (
        <Text size="xs" c="dimmed">
          {t('storage.dueSince')} <TimeAgo time={summary.due_since} />
        </Text>
      )}
    </Stack>
  );
}

function Amount({ name, bytes, text }: { name: string; bytes: number; text: ReactNode }) {
  const format = useFormat();
  return (
    <div className={classes.number}>
      <dt>{name}</dt>
      <dd>
        <span className={classes.amount}>{format.bytes(bytes)}</span>
        <Text size="xs" c="dimmed">
          {text}
        </Text>
      </dd>
    </div>
  );
}
