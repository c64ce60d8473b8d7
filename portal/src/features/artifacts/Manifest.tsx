import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { prettyJson } from '@/lib/manifest';
import { CopyButton } from '@/ui/CopyButton';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';
import { manifestQuery } from './api';
import classes from './Artifact.module.css';

interface Props {
  project: string;
  repository: string;
  digest: string;
}

/** The manifest as it was pushed, indented for reading; copied byte for byte. */
export function Manifest({ project, repository, digest }: Props) {
  const { t } = useTranslation();
  const manifest = useQuery(manifestQuery(project, repository, digest));
  if (manifest.error && manifest.data === undefined) {
    return (
      <Panel>
        <ErrorState error={manifest.error} onRetry={() => void manifest.refetch()} />
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
        <pre className={classes.manifest} tabIndex={0} aria-label={t('artifacts.tabs.manifest')}>
          {prettyJson(manifest.data)}
        </pre>
      )}
    </Panel>
  );
}
