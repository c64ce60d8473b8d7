import { Alert, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { shortDigest } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';
import { PrivateIcon } from '@/ui/icons';
import { RecoveryNote } from '@/ui/RecoveryNote';

const shown = 8;

interface Props {
  artifacts: readonly Artifact[];
  /** for how many seconds they can be restored; undefined: not known */
  recovery: number | undefined;
  onSubmit: () => void;
  onClose: () => void;
}

/** Says what is lost with them before they go. */
export function BulkDelete({ artifacts, recovery, onSubmit, onClose }: Props) {
  const { t } = useTranslation();
  const tags = artifacts.flatMap((artifact) => artifact.tags ?? []);
  const attached = artifacts.reduce((sum, artifact) => sum + (artifact.accessories?.length ?? 0), 0);
  const kept = artifacts.filter((artifact) => artifact.tags?.some((tag) => tag.immutable)).length;
  const names = artifacts.map((artifact) => artifact.tags?.map((tag) => tag.name).join(', ') || shortDigest(artifact.digest));
  return (
    <FormDialog
      title={t('artifacts.deleteArtifacts', { count: artifacts.length })}
      submit={t('common.delete')}
      danger
      onSubmit={async () => onSubmit()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{t('artifacts.deleteLoses', { artifacts: artifacts.length, tags: tags.length, attached })}</Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {names.slice(0, shown).join(' · ')}
          {names.length > shown && ` ${t('artifacts.moreTags', { count: names.length - shown })}`}
        </Text>
        <RecoveryNote seconds={recovery} />
        {kept > 0 && (
          <Alert color="amber" icon={<PrivateIcon size={18} />}>
            {t('artifacts.deleteKept', { count: kept })}
          </Alert>
        )}
      </Stack>
    </FormDialog>
  );
}
