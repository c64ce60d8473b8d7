import { Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addTag, deleteArtifact, type Place } from '@/api/artifacts';
import type { Artifact, Repository } from '@/api/types';
import { useRecovery, useUndo } from '@/api/undo';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { RecoveryNote } from '@/ui/RecoveryNote';
import { useDeleteRepository } from './api';
import { BulkDelete } from './BulkDelete';
import { BulkLabels } from './BulkLabels';
import { BulkTag } from './BulkTag';
import { Describe } from './Describe';
import { PushDialog } from './PushDialog';
import { labelChanges, relabel } from './relabel';
import type { Doing } from './useArtifactWork';

export type Dialog = { kind: 'describe' | 'push' | 'remove' } | { kind: Doing; artifacts: readonly Artifact[] };

interface Props {
  dialog: Dialog;
  place: Place;
  host: string;
  repository: Repository;
  onReload: () => Promise<Repository | undefined>;
  /** starts it and lets it run */
  onRun: (doing: Doing, artifacts: readonly Artifact[], act: (artifact: Artifact) => Promise<unknown>) => void;
  onClose: () => void;
}

/** What opens over the repository's page; loaded with the first of them. */
export function RepositoryDialogs({ dialog, place, host, repository, onReload, onRun, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDeleteRepository(place.project);
  const recovery = useRecovery(place.project);
  const undo = useUndo(place.project);
  switch (dialog.kind) {
    case 'describe':
      return <Describe place={place} repository={repository} onReload={onReload} onClose={onClose} />;
    case 'push':
      return <PushDialog host={host} place={place} onClose={onClose} />;
    case 'remove':
      return (
        <ConfirmDialog
          title={t('repositories.delete')}
          text={
            <Stack gap="sm">
              {t('repositories.deleteConfirm', { name: repository.name, count: repository.artifact_count })}
              <RecoveryNote seconds={recovery.seconds} />
            </Stack>
          }
          action={t('common.delete')}
          name={place.repository}
          onConfirm={async () => {
            await remove.mutateAsync(place.repository);
            if (recovery.mayRestore) notify.undoable(t('repositories.deleted', { name: repository.name }), () => undo.deletion({ repositories: [repository.id] }));
            else notify.done(t('repositories.deleted', { name: repository.name }));
            await navigate({ to: '/projects/$project', params: { project: place.project } });
          }}
          onClose={onClose}
        />
      );
    case 'tag':
      return (
        <BulkTag
          artifacts={dialog.artifacts}
          onSubmit={(nameOf) => onRun('tag', dialog.artifacts, (artifact) => addTag(place, artifact.digest, nameOf(artifact)))}
          onClose={onClose}
        />
      );
    case 'label':
      return (
        <BulkLabels
          projectId={repository.project_id}
          artifacts={dialog.artifacts}
          onSubmit={(wanted) => {
            const changing = dialog.artifacts.filter((artifact) => labelChanges(artifact, wanted).length > 0);
            onRun('label', changing, (artifact) => relabel(place, artifact, wanted));
          }}
          onClose={onClose}
        />
      );
    case 'delete':
      return <BulkDelete recovery={recovery.seconds} artifacts={dialog.artifacts} onSubmit={() => onRun('delete', dialog.artifacts, (artifact) => deleteArtifact(place, artifact.digest))} onClose={onClose} />;
  }
}
