import { useTranslation } from 'react-i18next';
import { formatExact, parseTime } from '@/lib/time';
import { Tooltip } from '@/ui/Tooltip';

/** As a date: "next week" is not when something is gone. */
export function Until({ time }: { time: string }) {
  const { i18n } = useTranslation();
  const date = parseTime(time);
  if (!date) return null;
  return (
    <Tooltip label={formatExact(date, i18n.language)}>
      <time dateTime={date.toISOString()} style={{ whiteSpace: 'nowrap' }}>
        {new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' }).format(date)}
      </time>
    </Tooltip>
  );
}
