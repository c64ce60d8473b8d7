import { Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExecHistory, StorageSummary } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { useFormat } from '@/ui/format';
import { notify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { useListState } from '@/ui/useListState';
import { checkOf, collectionOf, findingsQuery, runsQuery, scheduleQuery, summaryQuery, useStorageChanges, type Collection } from './api';
import { CheckForm } from './CheckForm';
import { CollectionForm } from './CollectionForm';
import { Findings } from './Findings';
import { Runs } from './Runs';
import { StorageState } from './StorageState';

/** The storage: its state first, then what frees it and what looks after it. */
export function StoragePage() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const summary = useQuery(summaryQuery);
  const tab = search.tab === 'check' ? 'check' : 'free';
  const problems = (summary.data?.missing ?? 0) + (summary.data?.damaged ?? 0);
  return (
    <>
      <PageHeader title={t('nav.storage')} text={t('storage.text')} />
      <Stack gap="lg">
        <StorageState summary={summary} />
        <Tabs value={tab} onChange={(next) => set({ tab: next === 'check' ? 'check' : undefined, page: undefined })} keepMounted={false}>
          <Tabs.List mb="lg">
            <Tabs.Tab value="free">{t('storage.tabs.free')}</Tabs.Tab>
            <Tabs.Tab value="check">
              {t('storage.tabs.check')}
              {problems > 0 && (
                <Text span inherit c="var(--mantine-color-error)" ml={6} className="tabular">
                  {problems}
                </Text>
              )}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value={tab}>{tab === 'check' ? <Checking summary={summary.data} /> : <Freeing bin={summary.data?.bin} />}</Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  );
}

function Freeing({ bin }: { bin: StorageSummary['bin'] | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { search, set } = useListState();
  const collection = useQuery(scheduleQuery('collection'));
  const runs = useQuery(runsQuery(search.page ?? 1));
  const changes = useStorageChanges();
  const [asked, setAsked] = useState<{ collection: Collection; emptyBin: boolean }>();
  const [now] = useState(() => new Date());

  async function begin(what: Collection, dryRun: boolean, emptyBin: boolean) {
    const id = await changes.collect.mutateAsync({ collection: what, dryRun, emptyBin });
    notify.done(t('storage.started', { id }));
  }
  return (
    <>
      <Stack gap="lg">
        <Scheduled title={t('storage.run')} answer={collection}>
          {(schedule) => (
            <CollectionForm
              // The form begins anew with what the server has.
              key={schedule?.update_time ?? ''}
              plan={collectionOf(schedule)}
              now={now}
              onSave={async (plan) => {
                await changes.saveCollection.mutateAsync(plan);
                notify.done(t('storage.saved'));
              }}
              onList={(what) => begin(what, true, false)}
              onFree={(what) => setAsked({ collection: what, emptyBin: false })}
              onEmpty={(what) => setAsked({ collection: what, emptyBin: true })}
            />
          )}
        </Scheduled>
        <Runs
          runs={runs}
          page={search.page ?? 1}
          onPage={(page) => set({ page })}
          onStop={(id) => changes.stop.mutate(id, { onError: (refusal) => notify.failed(t('storage.stopFailed', { id }), refusal) })}
        />
      </Stack>
      {asked && (
        <ConfirmDialog
          title={asked.emptyBin ? t('storage.emptyBin') : t('storage.start')}
          text={
            <>
              {asked.emptyBin
                ? t('storage.emptyConfirm', { count: bin?.count ?? 0, size: format.bytes(bin?.bytes ?? 0) })
                : t('storage.startConfirm')}
              {asked.collection.untagged && <> {t('storage.untaggedConfirm')}</>}
            </>
          }
          action={asked.emptyBin ? t('storage.emptyBin') : t('storage.start')}
          onConfirm={() => begin(asked.collection, false, asked.emptyBin)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

function Checking({ summary }: { summary: StorageSummary | undefined }) {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const check = useQuery(scheduleQuery('check'));
  const findings = useQuery(findingsQuery(search.page ?? 1));
  const changes = useStorageChanges();
  const [now] = useState(() => new Date());
  return (
    <Stack gap="lg">
      <Scheduled title={t('storage.check')} answer={check}>
        {(schedule) => (
          <CheckForm
            key={schedule?.update_time ?? ''}
            plan={checkOf(schedule)}
            last={summary?.last_check}
            now={now}
            onSave={async (plan) => {
              await changes.saveCheck.mutateAsync(plan);
              notify.done(t('storage.saved'));
            }}
            onStart={async (what) => {
              const id = await changes.check.mutateAsync(what);
              notify.done(t('storage.started', { id }));
            }}
          />
        )}
      </Scheduled>
      <Findings findings={findings} checked={summary?.last_check !== undefined} page={search.page ?? 1} onPage={(page) => set({ page })} />
    </Stack>
  );
}

/** A form over a schedule, once it is known whether there is one. */
function Scheduled({ title, answer, children }: { title: string; answer: UseQueryResult<ExecHistory | null>; children: (schedule: ExecHistory | null) => ReactNode }) {
  const { t } = useTranslation();
  if (answer.data !== undefined) return children(answer.data);
  return (
    <Panel title={title}>
      {answer.error ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} needs={t('role.systemAdministrator')} />
      ) : (
        <Stack gap="lg" aria-busy>
          <Skeleton height={36} width={320} />
          <Skeleton height={80} />
        </Stack>
      )}
    </Panel>
  );
}
