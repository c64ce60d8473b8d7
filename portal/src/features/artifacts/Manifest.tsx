import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { prettyJson } from '@/lib/manifest';
import { CodeView } from '@/ui/CodeView';
import { CopyButton } from '@/ui/CopyButton';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';
import { useContent, type ContentPlace } from './useContent';

/** The manifest as it was pushed, indented for reading; copied byte for byte. */
export function Manifest(place: ContentPlace) {
  const { t } = useTranslation();
  const { child, manifest } = useContent(place);
  const pretty = useMemo(() => (manifest.data === undefined ? '' : prettyJson(manifest.data)), [manifest.data]);
  const failed = [child, manifest].find((query) => query.error && query.data === undefined);
  if (failed) {
    return (
      <Panel>
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      </Panel>
    );
  }
  return (
    <Panel
      title={t('artifacts.tabs.manifest')}
      flush
      actions={manifest.data !== undefined && <CopyButton size="md" text={manifest.data} label={t('artifacts.copyManifest')} />}
    >
      {manifest.data === undefined ? (
        <Skeleton height={280} radius={0} />
      ) : (
        <CodeView text={pretty} language="json" label={t('artifacts.tabs.manifest')} />
      )}
    </Panel>
  );
}
