import { useQuery } from '@tanstack/react-query';
import type { Artifact } from '@/api/types';
import { artifactQuery, manifestQuery } from './api';

export interface ContentPlace {
  project: string;
  repository: string;
  /** the artifact of the page; an index or a single manifest */
  artifact: Artifact;
  /** the manifest that is looked at: the artifact's own, or one of its platforms' */
  digest: string;
}

/** What is known of the manifest that is looked at, and its bytes. */
export function useContent({ project, repository, artifact, digest }: ContentPlace) {
  const own = digest === artifact.digest;
  const child = useQuery({ ...artifactQuery(project, repository, digest), enabled: !own });
  const shown = own ? artifact : child.data;
  const manifest = useQuery({ ...manifestQuery(project, repository, digest), enabled: shown !== undefined });
  return { shown, child, manifest };
}
