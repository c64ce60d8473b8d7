import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { TagMove } from '@/api/types';
import { shortDigest } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { useRestoreTag } from './api';
import { goal } from './HistoryView';

export function RestoreTag({ place, move, onClose }: { place: Place; move: TagMove; onClose: () => void }) {
  const { t } = useTranslation();
  const restore = useRestoreTag(place);
  const to = goal(move);
  if (!to) return null;
  return (
    <FormDialog
      title={t('history.restoreTitle', { name: move.tag })}
      submit={t('history.restoreAction')}
      onSubmit={async () => {
        await restore.mutateAsync({ tag: move.tag, digest: to.digest });
        notify.done(t('history.restored', { name: move.tag }));
      }}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{t('history.restoreText', { name: move.tag, digest: shortDigest(to.digest) })}</Text>
        {to.state === 'bin' && <Text size="sm">{t('history.restoreFromBin')}</Text>}
      </Stack>
    </FormDialog>
  );
}
