import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';

/** Bytes a second, where any have been sent. */
export function Rate({ bytes }: { bytes: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!bytes) return null;
  return (
    <Text span size="xs" c="dimmed" className="tabular">
      {t('replication.rate', { size: format.bytes(bytes) })}
    </Text>
  );
}
