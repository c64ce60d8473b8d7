import { Badge, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  name: string;
  /** the reader's own row */
  self: boolean;
  icon?: ReactNode;
  /** under the name: the full one */
  text?: string | undefined;
  /** beside it: what the person is */
  marks?: ReactNode;
}

/** A person in a list. */
export function PersonName({ name, self, icon, text, marks }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap={0}>
      <Group gap="4px 10px">
        {icon}
        <Text span size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        {marks}
        {self && <Badge size="sm">{t('common.you')}</Badge>}
      </Group>
      {text && (
        <Text span size="xs" c="dimmed">
          {text}
        </Text>
      )}
    </Stack>
  );
}
