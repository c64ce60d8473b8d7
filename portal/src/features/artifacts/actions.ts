import type { Tag } from '@/api/types';

/** What the reader may do with the artifact; undefined: may not. */
export interface ArtifactActions {
  onTag?: (() => void) | undefined;
  onUntag?: ((tag: string) => void) | undefined;
  onExpire?: ((tag: Tag) => void) | undefined;
  onLabel?: (() => void) | undefined;
  onCopy?: (() => void) | undefined;
  onDelete?: (() => void) | undefined;
}
