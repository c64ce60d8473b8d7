import { Group, Kbd, Modal, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import type { User } from '@/api/types';
import { areKeysOn, setKeysOn } from '@/ui/useKeys';
import { pagesFor } from './pages';

const groupsFor = (user: User | null) => [
  {
    title: 'keys.everywhere',
    keys: [
      [['⌘/Ctrl', 'K'], 'keys.palette'],
      [['/'], 'keys.palette'],
      [['?'], 'keys.sheet'],
      [['esc'], 'keys.close'],
      [['y'], 'keys.copy'],
    ],
  },
  { title: 'keys.go', keys: pagesFor(user).map((page) => [page.keys.split(' '), page.label] as const) },
  {
    title: 'keys.lists',
    keys: [
      [['j'], 'keys.next'],
      [['k'], 'keys.previous'],
      [['enter'], 'keys.open'],
      [['x'], 'keys.select'],
    ],
  },
] as const;

export function KeySheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { user } = useCurrentUser();
  const [on, setOn] = useState(areKeysOn);
  return (
    <Modal opened onClose={onClose} title={t('keys.title')} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        {groupsFor(user).map((group) => (
          <Stack key={group.title} gap="xs">
            <Title order={3}>{t(group.title)}</Title>
            {group.keys.map(([keys, label]) => (
              <Group key={keys.join(' ')} justify="space-between" wrap="nowrap" gap="md">
                <Text size="sm">{t(label)}</Text>
                <Group gap={4} wrap="nowrap">
                  {keys.map((key) => (
                    <Kbd key={key} size="xs">
                      {key}
                    </Kbd>
                  ))}
                </Group>
              </Group>
            ))}
          </Stack>
        ))}
      </SimpleGrid>
      <Switch
        mt="xl"
        label={t('keys.single')}
        description={t('keys.singleText')}
        checked={on}
        onChange={(event) => {
          setOn(event.currentTarget.checked);
          setKeysOn(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}
