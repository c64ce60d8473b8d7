import { addLabel, removeLabel, type Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';

/** Label ids with whether an artifact shall wear them. */
export type WantedLabels = ReadonlyMap<number, boolean>;

/** What has to change on this artifact: it may wear some of them already. */
export function labelChanges(artifact: Pick<Artifact, 'labels'>, wanted: WantedLabels): [id: number, on: boolean][] {
  const worn = new Set(artifact.labels?.map((label) => label.id));
  return [...wanted].filter(([id, on]) => worn.has(id) !== on);
}

export async function relabel(place: Place, artifact: Artifact, wanted: WantedLabels): Promise<void> {
  for (const [id, on] of labelChanges(artifact, wanted)) await (on ? addLabel : removeLabel)(place, artifact.digest, id);
}
