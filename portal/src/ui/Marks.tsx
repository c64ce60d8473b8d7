import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { roleName } from '@/lib/roles';
import { AdminIcon, FailureIcon, PrivateIcon, PublicIcon, SuccessIcon } from './icons';

/** Small signs that several pages share. Each carries its meaning in words, never in colour alone. */
export function VisibilityMark({ isPublic }: { isPublic: boolean }) {
  const { t } = useTranslation();
  const Icon = isPublic ? PublicIcon : PrivateIcon;
  return (
    <Badge color={isPublic ? 'green' : 'gray'} style={{ flex: 'none' }} leftSection={<Icon size={12} />}>
      {isPublic ? t('visibility.public') : t('visibility.private')}
    </Badge>
  );
}

export function RoleMark({ role }: { role: number | undefined }) {
  const { t } = useTranslation();
  const name = roleName(role);
  return name === undefined ? (
    <Text span inherit c="dimmed">
      {t('role.none')}
    </Text>
  ) : (
    <span>{t(`role.${name}`)}</span>
  );
}

export function AdminMark() {
  const { t } = useTranslation();
  return (
    <Badge color="amber" style={{ flex: 'none' }} leftSection={<AdminIcon size={12} />}>
      {t('role.administrator')}
    </Badge>
  );
}

export function OutcomeMark({ ok }: { ok: boolean }) {
  const { t } = useTranslation();
  const Icon = ok ? SuccessIcon : FailureIcon;
  return (
    <Group gap={6} wrap="nowrap" style={{ whiteSpace: 'nowrap' }}>
      <Icon size={16} color={ok ? 'var(--mantine-color-green-light-color)' : 'var(--mantine-color-error)'} aria-hidden />
      <Text span size="sm" c={ok ? 'dimmed' : 'var(--mantine-color-error)'}>
        {ok ? t('common.succeeded') : t('common.failed')}
      </Text>
    </Group>
  );
}
