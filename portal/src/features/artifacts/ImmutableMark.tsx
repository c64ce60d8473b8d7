import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PrivateIcon } from '@/ui/icons';

export function ImmutableMark() {
  const { t } = useTranslation();
  return (
    <Badge size="sm" color="gray" leftSection={<PrivateIcon size={12} />} title={t('artifacts.immutableText')}>
      {t('artifacts.immutable')}
    </Badge>
  );
}
