import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '@/api/keys';
import type { Registry } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { kindsQuery, registriesQuery, testConnection, testRegistry, useRegistryChanges } from './api';
import type { Draft } from './draft';
import { RegistriesView, type RegistryAction } from './RegistriesView';

const RegistryForm = lazy(() => import('./RegistryForm').then((m) => ({ default: m.RegistryForm })));

export function RegistriesPage() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const queryClient = useQueryClient();
  const registries = useQuery(registriesQuery(search));
  const kinds = useQuery(kindsQuery).data;
  const { create, update, remove } = useRegistryChanges();
  const [dialog, setDialog] = useState<{ action: 'edit' | 'delete'; registry: Registry } | { action: 'add' }>();
  const close = () => setDialog(undefined);
  const registry = dialog && 'registry' in dialog ? dialog.registry : undefined;

  async function save(draft: Draft) {
    await (registry ? update.mutateAsync({ registry, draft }) : create.mutateAsync(draft));
    notify.done(t(registry ? 'registries.saved' : 'registries.added', { name: draft.name.trim() }));
  }

  async function test(of: Registry) {
    try {
      await testRegistry(of);
      notify.done(t('registries.namedAnswers', { name: of.name }));
    } catch (error) {
      notify.failed(of.name, error);
    }
  }

  function act(action: RegistryAction, of: Registry) {
    if (action === 'test') void test(of);
    else setDialog({ action, registry: of });
  }
  return (
    <>
      <RegistriesView search={search} onSearch={set} registries={registries} onAdd={() => setDialog({ action: 'add' })} onAction={act} />
      <Suspense>
        {kinds && dialog && dialog.action !== 'delete' && (
          <RegistryForm
            registry={registry}
            kinds={kinds}
            onTest={(draft) => testConnection(draft, registry)}
            onSubmit={save}
            onReload={() => {
              close();
              void queryClient.invalidateQueries({ queryKey: keys.registries.all });
            }}
            onClose={close}
          />
        )}
      </Suspense>
      {registry && dialog?.action === 'delete' && (
        <ConfirmDialog
          title={t('registries.delete')}
          text={t('registries.deleteText', { name: registry.name })}
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync(registry);
            notify.done(t('registries.deleted', { name: registry.name }));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
