import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { readManifest } from '@/lib/manifest';
import { pairLayers } from '@/lib/layers';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';
import { ArtifactSkeleton } from './ArtifactSkeleton';
import { artifactQuery, historyQuery, manifestQuery } from './api';
import { Config } from './Config';
import { Layers } from './Layers';
import classes from './Artifact.module.css';

interface Props {
  project: string;
  repository: string;
  /** the artifact of the page; an index or a single manifest */
  artifact: Artifact;
  /** the manifest to describe: the artifact's own, or one of its platforms' */
  digest: string;
}

export function Overview({ project, repository, artifact, digest }: Props) {
  const { t } = useTranslation();
  const own = digest === artifact.digest;
  const child = useQuery({ ...artifactQuery(project, repository, digest), enabled: !own });
  const shown = own ? artifact : child.data;
  const hasHistory = shown?.addition_links?.build_history !== undefined;
  const history = useQuery({ ...historyQuery(project, repository, digest), enabled: hasHistory });
  const manifest = useQuery(manifestQuery(project, repository, digest));

  if (child.error && !child.data && !own) {
    return (
      <Panel>
        <ErrorState error={child.error} onRetry={() => void child.refetch()} />
      </Panel>
    );
  }
  if (!shown || manifest.isLoading || history.isLoading) return <ArtifactSkeleton />;
  const layers = manifest.data === undefined ? [] : readManifest(manifest.data).layers;
  const failure = manifest.error ?? history.error;
  return (
    <div className={classes.columns}>
      <Panel title={t('artifacts.layers')} text={t('artifacts.layersText')} flush>
        {failure && layers.length === 0 ? (
          <ErrorState error={failure} onRetry={() => void manifest.refetch()} />
        ) : (
          <Layers rows={pairLayers(history.data ?? [], layers)} />
        )}
      </Panel>
      <Stack gap="lg" miw={0}>
        <Config artifact={shown} />
      </Stack>
    </div>
  );
}
