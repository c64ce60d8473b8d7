import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useArtifactsChanged, type Place } from '@/api/artifacts';
import { keys } from '@/api/keys';
import type { Artifact } from '@/api/types';
import { useRecovery, useUndo } from '@/api/undo';
import { forEach, type Progress } from '@/lib/bulk';
import { notify } from '@/ui/notify';

export type Doing = 'tag' | 'label' | 'delete';

export interface Work extends Progress<Artifact> {
  doing: Doing;
}

const stay = (event: BeforeUnloadEvent) => event.preventDefault();

/**
 * Something that is done to many artifacts, one request each. It goes on when the page is left, is still shown when one
 * comes back, and ends with a message wherever one is; only leaving the portal would stop it, and the browser asks first.
 */
export function useArtifactWork(place: Place) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const changed = useArtifactsChanged(place);
  const { mayRestore } = useRecovery(place.project);
  const undo = useUndo(place.project);
  const key = keys.artifacts.work(place.project, place.repository);
  const { data: work } = useQuery<Work | null>({ queryKey: key, queryFn: skipToken, staleTime: Infinity, gcTime: Infinity });
  const show = (next: Work | null) => queryClient.setQueryData(key, next);

  async function start(doing: Doing, artifacts: readonly Artifact[], act: (artifact: Artifact) => Promise<unknown>): Promise<Progress<Artifact>> {
    window.addEventListener('beforeunload', stay);
    const result = await forEach(artifacts, act, (progress) => show({ doing, ...progress }));
    window.removeEventListener('beforeunload', stay);
    const succeeded = result.total - result.failures.length;
    if (result.failures.length === 0) show(null);
    if (succeeded > 0) {
      const message = t(`artifacts.work.${doing}Done`, { count: succeeded });
      const gone = artifacts.filter((artifact) => !result.failures.some((failure) => failure.item === artifact)).map((artifact) => artifact.id);
      if (doing === 'delete' && mayRestore) notify.undoable(message, () => undo.deletion({ artifacts: gone }));
      else notify.done(message);
    }
    await changed();
    return result;
  }
  return { work: work ?? undefined, start, dismiss: () => show(null) };
}
