import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { historyQuery } from '@/api/artifacts';
import { pairLayers } from '@/lib/layers';
import { readManifest } from '@/lib/manifest';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';
import type { ArtifactActions } from './actions';
import { ArtifactSkeleton } from './ArtifactSkeleton';
import { Attributes } from './Attributes';
import { Config } from './Config';
import { Layers } from './Layers';
import { Names } from './Names';
import { useContent, type ContentPlace } from './useContent';
import classes from './Artifact.module.css';

export function Overview({ actions, ...place }: ContentPlace & { actions: ArtifactActions }) {
  const { t } = useTranslation();
  const { shown, child, manifest } = useContent(place);
  const hasHistory = shown?.addition_links?.build_history !== undefined;
  const history = useQuery({ ...historyQuery(place, place.digest), enabled: hasHistory });

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
        <Names place={place} artifact={place.artifact} actions={actions} />
        {shown.type === 'IMAGE' ? <Config artifact={shown} /> : <Attributes artifact={shown} />}
      </Stack>
    </div>
  );
}
