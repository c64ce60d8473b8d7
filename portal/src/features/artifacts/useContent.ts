import { useQuery } from '@tanstack/react-query';
import { artifactQuery, manifestQuery, type Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';

export interface ContentPlace extends Place {
  /** the artifact of the page; an index or a single manifest */
  artifact: Artifact;
  /** the manifest that is looked at: the artifact's own, or one of its platforms' */
  digest: string;
}

/** What is known of the manifest that is looked at, and its bytes. */
export function useContent({ project, repository, artifact, digest }: ContentPlace) {
  const place = { project, repository };
  const own = digest === artifact.digest;
  const child = useQuery({ ...artifactQuery(place, digest), enabled: !own });
  const shown = own ? artifact : child.data;
  const manifest = useQuery({ ...manifestQuery(place, digest), enabled: shown !== undefined });
  return { shown, child, manifest };
}
