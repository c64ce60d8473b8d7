import type { Artifact } from '@/api/types';

/** One of the two that are compared, under the name that the address has for it. */
export interface Side {
  /** a tag or a digest */
  name: string;
  artifact: Artifact;
}
