import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isOffline, messageOf } from '@/lib/problem';
import { WarningIcon } from './icons';

/** Why the server did not do what a form asked for, in its own words. */
export function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Alert color="red" variant="light" icon={<WarningIcon size={18} />} role="alert">
      {isOffline(error) ? t('error.offline.text') : messageOf(error) || t('error.failed.text')}
    </Alert>
  );
}
