import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { clientsFor, isClient, pullCommand } from '@/lib/pull-command';
import { remembered } from '@/lib/storage';
import { notify } from '@/ui/notify';
import { copyText } from '@/ui/useCopy';
import { useKeys } from '@/ui/useKeys';

/** y copies the pull command of the row that has the focus, for the client that the reader uses. */
export function usePullKey(host: string, { project, repository }: Place, artifacts: readonly Artifact[] | undefined): void {
  const { t } = useTranslation();
  useKeys({
    y: () => {
      const row = document.activeElement?.closest<HTMLTableRowElement>('tbody tr');
      const artifact = row ? artifacts?.[row.sectionRowIndex] : undefined;
      if (!artifact) return;
      const offered = clientsFor(artifact.type);
      const usual = remembered('client');
      const client = isClient(usual) && offered.includes(usual) ? usual : (offered[0] ?? 'docker');
      const command = pullCommand(client, { host, repository: `${project}/${repository}`, reference: artifact.tags?.[0]?.name ?? artifact.digest });
      void copyText(command).then((done) => done && notify.done(t('command.pullCopied')));
    },
  });
}
