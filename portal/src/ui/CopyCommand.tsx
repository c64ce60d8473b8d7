import { Group, NativeSelect, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clients, clientsFor, isClient, pullCommand, type Client } from '@/lib/pull-command';
import { remember, remembered } from '@/lib/storage';
import { CommandLine } from './CommandLine';
import { notify } from './notify';
import { copyText } from './useCopy';
import { useKeys } from './useKeys';

const storedClient = (): Client => {
  const stored = remembered('client');
  return isClient(stored) ? stored : 'docker';
};

/** The client that the reader last chose, here or in an earlier visit. */
export function useClient(offered: readonly Client[] = clients) {
  const [chosen, setClient] = useState(storedClient);
  const client = offered.includes(chosen) ? chosen : (offered[0] ?? chosen);
  function choose(next: string) {
    if (!isClient(next)) return;
    setClient(next);
    remember('client', next);
  }
  return { client, choose, offered };
}

export function ClientSelect({ client, choose, offered }: ReturnType<typeof useClient>) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      size="xs"
      w={110}
      data={[...offered]}
      value={client}
      onChange={(event) => choose(event.currentTarget.value)}
      aria-label={t('command.client')}
    />
  );
}

interface Props {
  host: string;
  repository: string;
  tag: string | undefined;
  digest: string;
  /** what the artifact is: a chart is pulled with helm, which pulls nothing else */
  type: string | undefined;
}

/** The pull command, by tag or by digest; `y` copies it from anywhere on the page. */
export function CopyCommand({ host, repository, tag, digest, type }: Props) {
  const { t } = useTranslation();
  const choice = useClient(clientsFor(type));
  const [by, setBy] = useState(() => (remembered('pullBy') === 'digest' ? 'digest' : 'tag'));
  const reference = by === 'tag' && tag !== undefined ? tag : digest;
  const command = pullCommand(choice.client, { host, repository, reference });
  useKeys({
    y: () => void copyText(command).then((done) => done && notify.done(t('command.pullCopied'))),
  });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <ClientSelect {...choice} />
        {tag !== undefined && (
          <SegmentedControl
            size="xs"
            value={by}
            onChange={(next) => {
              setBy(next === 'digest' ? 'digest' : 'tag');
              remember('pullBy', next);
            }}
            data={[
              { value: 'tag', label: t('command.byTag') },
              { value: 'digest', label: t('command.byDigest') },
            ]}
          />
        )}
      </Group>
      <CommandLine lines={[command]} label={t('command.copyPull')} />
    </Stack>
  );
}
