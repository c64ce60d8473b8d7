import { useQuery } from '@tanstack/react-query';
import { artifactQuery, historyQuery, manifestQuery, type Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { pairLayers, type LayerRow } from '@/lib/layers';
import { readManifest } from '@/lib/manifest';

export interface Content {
  artifact: Artifact | undefined;
  layers: LayerRow[] | undefined;
  error: unknown;
  retry: () => void;
}

/** What one side holds for a platform; nothing where it has none. */
export function useSide(place: Place, whole: Artifact, digest: string | undefined): Content {
  const own = digest === whole.digest;
  const child = useQuery({ ...artifactQuery(place, digest ?? ''), enabled: digest !== undefined && !own });
  const artifact = own ? whole : child.data;
  const manifest = useQuery({ ...manifestQuery(place, digest ?? ''), enabled: artifact !== undefined });
  const hasHistory = artifact?.addition_links?.build_history !== undefined;
  const history = useQuery({ ...historyQuery(place, digest ?? ''), enabled: hasHistory });
  const ready = digest === undefined || (manifest.data !== undefined && (!hasHistory || history.data !== undefined));
  return {
    artifact,
    layers: ready ? pairLayers(history.data ?? [], manifest.data === undefined ? [] : readManifest(manifest.data).layers) : undefined,
    error: child.error ?? manifest.error ?? history.error,
    retry: () => [child, manifest, history].forEach((query) => query.error && void query.refetch()),
  };
}
