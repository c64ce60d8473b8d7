import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatExact, formatRelative, parseTime } from '@/lib/time';
import { ExpiryIcon } from './icons';

const soon = 3 * 24 * 3_600_000;

/** When a tag is removed by itself, if ever; near the end in a colour, too. */
export function TagExpiry({ time }: { time: string | undefined }) {
  const { t, i18n } = useTranslation();
  const date = parseTime(time);
  if (!date) return null;
  const now = new Date();
  return (
    <Badge
      size="sm"
      color={date.getTime() - now.getTime() < soon ? 'amber' : 'gray'}
      leftSection={<ExpiryIcon size={12} />}
      title={`${formatExact(date, i18n.language)} – ${t('undo.expiresText')}`}
    >
      {t('undo.expires', { when: formatRelative(date, now, i18n.language) })}
    </Badge>
  );
}
