import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { WarningIcon } from './icons';

const hour = 3_600;
const day = 24 * hour;

/** Under what will be deleted: for how long it can be restored. undefined: not known. */
export function RecoveryNote({ seconds }: { seconds: number | undefined }) {
  const { t } = useTranslation();
  if (seconds === undefined) return null;
  if (seconds <= 0) {
    return (
      <Alert color="red" icon={<WarningIcon size={18} />}>
        {t('undo.never')}
      </Alert>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {seconds >= day ? t('undo.forDays', { count: Math.floor(seconds / day) }) : t('undo.forHours', { count: Math.max(1, Math.floor(seconds / hour)) })}
    </Text>
  );
}
