import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { notify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { useListState } from '@/ui/useListState';
import { eventTypesQuery, planOf, purgeHistoryQuery, purgeScheduleQuery, usePurgeChanges, type Purge } from './purgeApi';
import { PurgeForm } from './PurgeForm';
import { PurgeHistory } from './PurgeHistory';

/** What is kept of the audit log, and what has been deleted of it. */
export function PurgePage() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const types = useQuery(eventTypesQuery);
  const schedule = useQuery(purgeScheduleQuery);
  const history = useQuery(purgeHistoryQuery(search.page ?? 1));
  const { save, start, stop } = usePurgeChanges();
  const [asked, setAsked] = useState<Purge>();
  const [now] = useState(() => new Date());
  const error = schedule.error ?? types.error;

  async function begin(purge: Purge, dryRun: boolean) {
    const id = await start.mutateAsync({ purge, dryRun });
    notify.done(t('purge.started', { id }));
  }
  return (
    <>
      <PageHeader
        title={t('purge.page')}
        crumbs={[
          <TextLink key="audit" to="/audit" size="sm">
            {t('nav.audit')}
          </TextLink>,
        ]}
      />
      <Stack gap="lg">
        {error && (schedule.data === undefined || types.data === undefined) ? (
          <Panel title={t('purge.title')}>
            <ErrorState
              error={error}
              onRetry={() => {
                void schedule.refetch();
                void types.refetch();
              }}
              needs={t('role.systemAdministrator')}
            />
          </Panel>
        ) : schedule.data === undefined || types.data === undefined ? (
          <Panel title={t('purge.title')}>
            <Stack gap="lg" aria-busy>
              <Skeleton height={36} width={320} />
              <Skeleton height={120} />
            </Stack>
          </Panel>
        ) : (
          <PurgeForm
            // The form begins anew with what the server has.
            key={schedule.data?.update_time ?? ''}
            plan={planOf(schedule.data, types.data)}
            types={types.data}
            now={now}
            onSave={async (plan) => {
              await save.mutateAsync(plan);
              notify.done(t('purge.saved'));
            }}
            onCount={(purge) => begin(purge, true).catch((refusal: unknown) => notify.failed(t('purge.failed'), refusal))}
            onDelete={setAsked}
          />
        )}
        <PurgeHistory
          history={history}
          page={search.page ?? 1}
          onPage={(page) => set({ page })}
          onStop={(id) => stop.mutate(id, { onError: (refusal) => notify.failed(t('purge.stopFailed', { id }), refusal) })}
        />
      </Stack>
      {asked && (
        <ConfirmDialog
          title={t('purge.runNow')}
          text={t('purge.runConfirm', { hours: asked.hours })}
          action={t('purge.runNow')}
          onConfirm={() => begin(asked, false)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
