export interface PlatformParts {
  os?: string | undefined;
  architecture?: string | undefined;
  variant?: string | undefined;
}

interface Described {
  type?: string;
  references?: { platform?: PlatformParts | null }[] | null;
  extra_attrs?: PlatformParts | null;
}

/** "linux/arm64/v8": the words that --platform takes. */
export function platformName(platform: PlatformParts): string {
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/');
}

/** Build tools put attestations into an index as manifests of platform unknown/unknown; nothing runs on that. */
export const isReal = (platform: PlatformParts | null | undefined): platform is PlatformParts =>
  platform !== null && platform !== undefined && platform.os !== undefined && platform.os !== '' && platform.os !== 'unknown';

export function platformsOf(artifact: Described): PlatformParts[] {
  const references = artifact.references ?? [];
  if (references.length > 0) return references.map((reference) => reference.platform).filter(isReal);
  const own = artifact.extra_attrs;
  return isReal(own) ? [own] : [];
}
