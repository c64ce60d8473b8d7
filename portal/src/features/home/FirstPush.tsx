import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { loginCommand, pushCommands } from '@/lib/pull-command';
import { CommandLine } from '@/ui/CommandLine';
import { ClientSelect, useClient } from '@/ui/CopyCommand';
import { Panel } from '@/ui/Panel';

/** From nothing to a pushed artifact, with this server's name filled in. */
export function FirstPush({ host, username, project }: { host: string; username: string; project: string }) {
  const { t } = useTranslation();
  const choice = useClient();
  return (
    <Panel title={t('guide.title')} text={t('guide.text')} actions={<ClientSelect {...choice} />}>
      <Stack gap="md">
        <Step number={1} text={t('guide.login')}>
          <CommandLine lines={[loginCommand(choice.client, host, username)]} label={t('guide.copyLogin')} />
        </Step>
        <Step number={2} text={t('guide.push', { project })}>
          <CommandLine lines={pushCommands(choice.client, host, project)} label={t('guide.copyPush')} />
        </Step>
        <Step number={3} text={t('guide.look')} />
      </Stack>
    </Panel>
  );
}

function Step({ number, text, children }: { number: number; text: string; children?: React.ReactNode }) {
  return (
    <Stack gap={6}>
      <Text size="sm">
        <Text span inherit fw={650} c="var(--rs-brand)">
          {number}
        </Text>
        {'\u2002'}
        {text}
      </Text>
      {children}
    </Stack>
  );
}
