import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '@/api/keys';
import type { Label } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { labelsQuery, labelUseQuery, useLabelChanges, type LabelDraft, type Scope } from './api';
import { LabelsView, type LabelAction } from './LabelsView';

const LabelForm = lazy(() => import('./LabelForm').then((m) => ({ default: m.LabelForm })));

interface Props {
  scope: Scope;
  owner?: string | undefined;
  mayCreate: boolean;
  mayChange: boolean;
  mayDelete: boolean;
}

export function Labels({ scope, owner, mayCreate, mayChange, mayDelete }: Props) {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const queryClient = useQueryClient();
  const labels = useQuery(labelsQuery(scope, search));
  const { create, update, remove } = useLabelChanges(scope);
  const [dialog, setDialog] = useState<{ action: LabelAction; label: Label } | { action: 'create' }>();
  const close = () => setDialog(undefined);
  const label = dialog && 'label' in dialog ? dialog.label : undefined;

  async function save(draft: LabelDraft) {
    await (label ? update.mutateAsync({ label, draft }) : create.mutateAsync(draft));
    notify.done(t('labels.saved', { name: draft.name }));
  }
  return (
    <>
      <LabelsView
        search={search}
        onSearch={set}
        labels={labels}
        owner={owner}
        mayCreate={mayCreate}
        mayChange={mayChange}
        mayDelete={mayDelete}
        onCreate={() => setDialog({ action: 'create' })}
        onAction={(action, of) => setDialog({ action, label: of })}
      />
      <Suspense>
        {dialog && dialog.action !== 'delete' && (
          <LabelForm
            label={label}
            onSubmit={save}
            onReload={() => {
              close();
              void queryClient.invalidateQueries({ queryKey: keys.labels.all });
            }}
            onClose={close}
          />
        )}
      </Suspense>
      {label && dialog?.action === 'delete' && (
        <ConfirmDialog
          title={t('labels.delete')}
          text={<Loss scope={scope} label={label} />}
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync(label);
            notify.done(t('labels.deleted', { name: label.name }));
          }}
          onClose={close}
        />
      )}
    </>
  );
}

/** What goes with the label: on how many artifacts it is, where that can be told. */
function Loss({ scope, label }: { scope: Scope; label: Label }) {
  const { t } = useTranslation();
  const { data: count } = useQuery({ ...labelUseQuery(scope.scope === 'p' ? scope.projectId : 0, label.id), enabled: scope.scope === 'p' });
  return <>{count === undefined ? t('labels.deleteConfirm', { name: label.name }) : t('labels.deleteCounted', { name: label.name, count })}</>;
}
