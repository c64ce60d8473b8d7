import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isStale } from '@/lib/problem';
import { RetryIcon, WarningIcon } from './icons';
import { refusalText } from './refusalText';

interface Props {
  error: unknown;
  /** brings what somebody else has made of it in the meantime; what was typed here is lost */
  onReload?: (() => void) | undefined;
}

/** Why the server did not do what a form asked for. */
export function Refusal({ error, onReload }: Props) {
  const { t } = useTranslation();
  return (
    <Alert color="red" variant="light" icon={<WarningIcon size={18} />} role="alert">
      {refusalText(error)}
      {onReload && isStale(error) && (
        <Button mt="xs" size="compact-sm" variant="default" leftSection={<RetryIcon size={14} />} onClick={onReload} display="block">
          {t('error.loadNew')}
        </Button>
      )}
    </Alert>
  );
}
