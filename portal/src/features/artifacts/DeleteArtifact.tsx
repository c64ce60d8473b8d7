import { Alert, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { useRecovery, useUndo } from '@/api/undo';
import { accessoryKind } from '@/lib/accessory';
import { shortDigest } from '@/lib/reference';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { PrivateIcon } from '@/ui/icons';
import { notify } from '@/ui/notify';
import { RecoveryNote } from '@/ui/RecoveryNote';
import { useDeleteArtifact } from './api';

interface Props {
  place: Place;
  artifact: Artifact;
  onClose: () => void;
}

/** Names what refers to the artifact, for that goes or stops working with it. */
export function DeleteArtifact({ place, artifact, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDeleteArtifact(place, artifact.digest);
  const recovery = useRecovery(place.project);
  const undo = useUndo(place.project);
  const tags = artifact.tags ?? [];
  const attached = (artifact.accessories ?? []).map((accessory) => t(`referrers.kinds.${accessoryKind(accessory.type)}`));
  const kept = tags.filter((tag) => tag.immutable).map((tag) => tag.name);
  const lost = [
    [t('artifacts.tags'), tags.map((tag) => tag.name).join(', ')],
    [t('artifacts.attached'), [...new Set(attached)].map((kind) => `${kind} (${attached.filter((each) => each === kind).length})`).join(', ')],
    [t('artifacts.platforms'), artifact.references?.length ? t('artifacts.manifestsStay', { count: artifact.references.length }) : ''],
  ].filter(([, what]) => what !== '');
  return (
    <ConfirmDialog
      title={t('artifacts.delete')}
      text={
        <Stack gap="sm">
          <Text size="sm">{t('artifacts.deleteText', { name: tags[0]?.name ?? shortDigest(artifact.digest) })}</Text>
          {lost.map(([name, what]) => (
            <Text key={name} size="sm" style={{ overflowWrap: 'anywhere' }}>
              <Text span inherit c="dimmed">
                {name}:
              </Text>{' '}
              {what}
            </Text>
          ))}
          <RecoveryNote seconds={recovery.seconds} />
          {kept.length > 0 && (
            <Alert color="amber" icon={<PrivateIcon size={18} />}>
              {t('artifacts.deleteRefused', { tags: kept.join(', ') })}
            </Alert>
          )}
        </Stack>
      }
      action={t('common.delete')}
      onConfirm={async () => {
        await remove.mutateAsync();
        if (recovery.mayRestore) notify.undoable(t('artifacts.deleted'), () => undo.deletion({ artifacts: [artifact.id] }));
        else notify.done(t('artifacts.deleted'));
        await navigate({ to: '/projects/$project/repositories/$', params: { project: place.project, _splat: place.repository } });
      }}
      onClose={onClose}
    />
  );
}
