import { ApiError } from '@/lib/problem';
import { client } from './client';

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * A manifest's exact bytes, from the registry as any client reads them: the session buys a token for this one
 * repository. Cookies stay out of /v2, so that a refusal is an answer and never the browser's own password window.
 */
export async function fetchManifest(repository: string, digest: string, signal?: AbortSignal): Promise<string> {
  const scope = `repository:${repository}:pull`;
  const answer = await client.send('/service/token', { query: { service: 'harbor-registry', scope }, signal });
  const { token } = (await answer.json()) as { token: string };
  const response = await fetch(`/v2/${repository}/manifests/${digest}`, {
    headers: { Accept: accept, Authorization: `Bearer ${token}` },
    credentials: 'omit',
    signal: signal ?? null,
  });
  if (!response.ok) {
    const requestId = response.headers.get('X-Request-Id');
    throw new ApiError({ status: response.status, code: 'MANIFEST', message: await response.text(), requestId });
  }
  return response.text();
}
