import type { Place } from '@/api/artifacts';
import type { Artifact, Tag } from '@/api/types';
import { AddTag } from './AddTag';
import { CopyTo } from './CopyTo';
import { DeleteArtifact } from './DeleteArtifact';
import { DeleteTag } from './DeleteTag';
import { EditLabels } from './EditLabels';
import { ExpireTag } from './ExpireTag';

export type Dialog = { kind: 'tag' | 'labels' | 'copy' | 'delete' } | { kind: 'untag'; tag: string } | { kind: 'expire'; tag: Tag };

interface Props {
  dialog: Dialog;
  place: Place;
  artifact: Artifact;
  /** the tag by which the reader came to the page */
  tag: string | undefined;
  onClose: () => void;
}

/** What opens over the artifact's page; loaded with the first of them. */
export function ArtifactDialogs({ dialog, place, artifact, tag, onClose }: Props) {
  switch (dialog.kind) {
    case 'tag':
      return <AddTag place={place} digest={artifact.digest} onClose={onClose} />;
    case 'untag':
      return <DeleteTag place={place} digest={artifact.digest} tag={dialog.tag} current={tag} onClose={onClose} />;
    case 'expire':
      return <ExpireTag place={place} tag={dialog.tag} onClose={onClose} />;
    case 'labels':
      return <EditLabels place={place} artifact={artifact} onClose={onClose} />;
    case 'copy':
      return <CopyTo place={place} artifact={artifact} tag={tag} onClose={onClose} />;
    case 'delete':
      return <DeleteArtifact place={place} artifact={artifact} onClose={onClose} />;
  }
}
