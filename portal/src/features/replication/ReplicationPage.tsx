import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '@/api/keys';
import type { ReplicationPolicy } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { policiesQuery, registriesQuery, runsQuery, useReplicationChanges } from './api';
import { draftOf, type Draft } from './policy';
import { PolicySentence } from './PolicySentence';
import { ReplicationView } from './ReplicationView';

const PolicyForm = lazy(() => import('./PolicyForm').then((m) => ({ default: m.PolicyForm })));
const RunDialog = lazy(() => import('./RunDialog').then((m) => ({ default: m.RunDialog })));

type Dialog = { action: 'create' } | { action: 'edit' | 'delete'; policy: ReplicationPolicy };

export function ReplicationPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { search, set } = useListState();
  const policies = useQuery(policiesQuery(search));
  const registries = useQuery(registriesQuery);
  const runs = useQuery(runsQuery(search));
  const { create, update, setEnabled, remove, start, stop, retry } = useReplicationChanges();
  const [dialog, setDialog] = useState<Dialog>();
  const [stopping, setStopping] = useState<number>();
  const [now] = useState(() => new Date());
  const close = () => setDialog(undefined);
  const policy = dialog && 'policy' in dialog ? dialog.policy : undefined;
  const open = (entry: string | undefined) => set({ page: search.page, entry }, { replace: true });

  async function save(draft: Draft) {
    await (policy ? update.mutateAsync({ policy, draft }) : create.mutateAsync(draft));
    notify.done(t('replication.saved', { name: draft.name.trim() }));
  }
  function tryAgain(id: number) {
    retry.mutate(id, {
      onSuccess: () => notify.done(t('replication.retried', { id })),
      onError: (error) => notify.failed(t('replication.actionFailed', { id }), error),
    });
  }
  return (
    <>
      <ReplicationView
        search={search}
        onSearch={set}
        policies={policies}
        runs={runs}
        hasRegistries={registries.data && registries.data.total > 0}
        onCreate={() => setDialog({ action: 'create' })}
        onEdit={(of) => setDialog({ action: 'edit', policy: of })}
        onDelete={(of) => setDialog({ action: 'delete', policy: of })}
        onEnable={(of, enabled) => setEnabled.mutate({ policy: of, enabled }, { onError: (error) => notify.failed(t('replication.notSaved', { name: of.name }), error) })}
        onRun={(of) =>
          start.mutate(of, {
            onSuccess: () => notify.done(t('replication.runStarted', { name: of.name })),
            onError: (error) => notify.failed(t('replication.runFailed', { name: of.name }), error),
          })
        }
        onRuns={(of) => set({ page: search.page, kind: String(of.id), from: undefined })}
        onOpen={(run) => open(String(run))}
        onStop={setStopping}
        onRetry={tryAgain}
      />
      {search.entry !== undefined && (
        <Suspense>
          <RunDialog id={search.entry} onStop={setStopping} onRetry={tryAgain} onClose={() => open(undefined)} />
        </Suspense>
      )}
      {dialog && dialog.action !== 'delete' && registries.data && (
        <Suspense>
          <PolicyForm
            isNew={policy === undefined}
            draft={policy && draftOf(policy)}
            registries={registries.data.items}
            now={now}
            onSubmit={save}
            onReload={() => {
              close();
              void queryClient.invalidateQueries({ queryKey: keys.replication.all });
            }}
            onClose={close}
          />
        </Suspense>
      )}
      {policy && dialog?.action === 'delete' && (
        <ConfirmDialog
          title={t('replication.delete')}
          text={
            <>
              <PolicySentence policy={policy} />
              <br />
              {t('replication.deleteConfirm', { name: policy.name })}
            </>
          }
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync(policy);
            notify.done(t('replication.deleted', { name: policy.name }));
          }}
          onClose={close}
        />
      )}
      {stopping !== undefined && (
        <ConfirmDialog
          title={t('replication.stop')}
          text={t('replication.stopConfirm', { id: stopping })}
          action={t('replication.stop')}
          onConfirm={async () => {
            await stop.mutateAsync(stopping);
            notify.done(t('replication.stopAsked', { id: stopping }));
          }}
          onClose={() => setStopping(undefined)}
        />
      )}
    </>
  );
}
