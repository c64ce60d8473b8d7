import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readManifest } from '@/lib/manifest';
import { pairLayers } from '@/lib/layers';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';
import { ArtifactSkeleton } from './ArtifactSkeleton';
import { historyQuery } from './api';
import { Config } from './Config';
import { Layers } from './Layers';
import { useContent, type ContentPlace } from './useContent';
import classes from './Artifact.module.css';

export function Overview(place: ContentPlace) {
  const { t } = useTranslation();
  const { project, repository, digest } = place;
  const { shown, child, manifest } = useContent(place);
  const hasHistory = shown?.addition_links?.build_history !== undefined;
  const history = useQuery({ ...historyQuery(project, repository, digest), enabled: hasHistory });

  if (child.error && !shown) {
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
      {failure && layers.length === 0 ? (
        <Panel title={t('artifacts.layers')}>
          <ErrorState error={failure} onRetry={() => void manifest.refetch()} />
        </Panel>
      ) : (
        <Layers rows={pairLayers(history.data ?? [], layers)} />
      )}
      <Stack gap="lg" miw={0}>
        <Config artifact={shown} />
      </Stack>
    </div>
  );
}
