import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { pushCommands } from '@/lib/pull-command';
import { CommandLine } from './CommandLine';
import { ClientSelect, useClient } from './CopyCommand';

/** How something new gets into the project, for the client that the reader uses. */
export function PushCommands({ host, project, repository }: { host: string; project: string; repository?: string }) {
  const { t } = useTranslation();
  const choice = useClient();
  return (
    <Stack gap="xs" w="100%">
      <ClientSelect {...choice} />
      <CommandLine lines={pushCommands(choice.client, host, project, repository)} label={t('guide.copyPush')} />
    </Stack>
  );
}
