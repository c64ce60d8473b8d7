import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatExact, formatRelative } from '@/lib/time';
import { useFormat } from '@/ui/format';
import { WarningIcon } from '@/ui/icons';
import { Tooltip } from '@/ui/Tooltip';
import { validityOf } from './expiry';

/** When the robot ends; near the end, and after it, in a colour and in words. */
export function ExpiryMark({ expiresAt, now }: { expiresAt: number; now: Date }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const validity = validityOf(expiresAt, now.getTime());
  if (validity === 'forever') {
    return (
      <Text span size="sm" c="dimmed">
        {t('robots.forever')}
      </Text>
    );
  }
  const end = new Date(expiresAt * 1000);
  const when = formatRelative(end, now, language);
  return (
    <Tooltip label={formatExact(end, language)}>
      {validity === 'valid' ? (
        <span>{when}</span>
      ) : (
        <Badge color={validity === 'expired' ? 'red' : 'amber'} leftSection={<WarningIcon size={12} />}>
          {t(validity === 'expired' ? 'robots.expired' : 'robots.expiresSoon', { when })}
        </Badge>
      )}
    </Tooltip>
  );
}
