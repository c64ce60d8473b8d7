import type { BlobDescriptor } from './layers';

/** What the portal reads of a manifest. Anything pushed can be here: nothing about its shape is taken for granted. */
export function readManifest(text: string): { layers: BlobDescriptor[] } {
  try {
    const manifest = JSON.parse(text) as { layers?: unknown };
    return { layers: Array.isArray(manifest.layers) ? manifest.layers.filter(isDescriptor) : [] };
  } catch {
    return { layers: [] };
  }
}

function isDescriptor(value: unknown): value is BlobDescriptor {
  if (typeof value !== 'object' || value === null) return false;
  const { digest, size } = value as Partial<BlobDescriptor>;
  return typeof digest === 'string' && typeof size === 'number';
}

/** Indented for reading; what is not JSON stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
