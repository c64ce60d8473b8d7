import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '@/api/types';
import { deviceName } from '@/lib/device';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { SessionIcon } from '@/ui/icons';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import { sessionsQuery, useEndSessions } from './api';
import classes from './Sessions.module.css';

/** Where the account is signed in; each can be ended from here. */
export function Sessions() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const { end, endOthers } = useEndSessions();
  const [doomed, setDoomed] = useState<Session | 'others'>();
  const others = data?.filter((session) => !session.current) ?? [];
  return (
    <Panel
      title={t('profile.sessions')}
      text={t('profile.sessionsText')}
      flush
      actions={
        others.length > 0 && (
          <Button variant="default" size="xs" onClick={() => setDoomed('others')}>
            {t('profile.endOthers')}
          </Button>
        )
      }
    >
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <ul className={classes.rows}>
          {!data && [0, 1].map((row) => <li key={row} className={classes.row} aria-hidden><Skeleton height={34} /></li>)}
          {data?.map((session) => (
            <li key={session.id} className={classes.row}>
              <SessionIcon size={20} stroke={1.6} aria-hidden />
              <Stack gap={2} miw={0}>
                <Group gap="xs">
                  <Text size="sm" fw={550} title={session.user_agent}>
                    {deviceName(session.user_agent) || t('profile.unknownDevice')}
                  </Text>
                  {session.current && <Badge color="green">{t('profile.thisSession')}</Badge>}
                </Group>
                <Text size="sm" c="dimmed" component="div" className={classes.facts}>
                  <span className="mono">{session.address}</span>
                  <span>
                    {t('profile.began')} <TimeAgo time={session.creation_time} />
                  </span>
                  <span>
                    {t('profile.seen')} <TimeAgo time={session.last_seen_time} />
                  </span>
                </Text>
              </Stack>
              {!session.current && (
                <Button variant="subtle" color="red" size="compact-sm" onClick={() => setDoomed(session)} aria-label={t('profile.endNamed', { name: deviceName(session.user_agent) })}>
                  {t('profile.end')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {doomed !== undefined && (
        <ConfirmDialog
          title={doomed === 'others' ? t('profile.endOthers') : t('profile.endTitle')}
          text={doomed === 'others' ? t('profile.endOthersText', { count: others.length }) : t('profile.endText', { name: deviceName(doomed.user_agent) || doomed.address })}
          action={t('profile.end')}
          onConfirm={async () => {
            if (doomed === 'others') await endOthers.mutateAsync();
            else await end.mutateAsync(doomed.id);
            notify.done(t('profile.ended'));
          }}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </Panel>
  );
}
