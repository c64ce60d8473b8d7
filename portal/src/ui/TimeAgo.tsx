import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatExact, formatRelative, parseTime } from '@/lib/time';
import { Tooltip } from './Tooltip';

/** How long ago, with the exact time on hover and for assistive technology. */
export function TimeAgo({ time }: { time: string | null | undefined }) {
  const { t, i18n } = useTranslation();
  const date = parseTime(time);
  if (!date) return <Text span inherit c="dimmed">{t('common.never')}</Text>;
  const exact = formatExact(date, i18n.language);
  return (
    <Tooltip label={exact}>
      <time dateTime={date.toISOString()} style={{ whiteSpace: 'nowrap' }}>
        {formatRelative(date, new Date(), i18n.language)}
      </time>
    </Tooltip>
  );
}
