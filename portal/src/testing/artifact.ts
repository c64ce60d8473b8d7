import type { Artifact } from '@/api/types';

/** An artifact as the server answers it, with what a test cares about. */
export function someArtifact(change: Partial<Artifact> = {}): Artifact {
  return {
    id: 1, project_id: 1, repository_id: 1, repository_name: 'library/app', digest: `sha256:${'ab'.repeat(32)}`, type: 'IMAGE', size: 1024,
    manifest_media_type: 'application/vnd.oci.image.manifest.v1+json', media_type: 'application/vnd.oci.image.config.v1+json',
    push_time: '2026-11-20T10:00:00Z', pull_time: '0001-01-01T00:00:00Z', tags: null, labels: null, accessories: null, references: null, ...change,
  };
}

export const someTag = (name: string, immutable = false) => ({
  id: name.length, artifact_id: 1, repository_id: 1, name, immutable, push_time: '2026-11-20T10:00:00Z', pull_time: '0001-01-01T00:00:00Z',
});
