import { isTag, shortDigest } from './reference';

interface Tagged {
  digest: string;
  tags?: { name: string }[] | null;
}

export const placeholder = '{tag}';

/** The name that an artifact gets from a pattern: its first tag, or else its digest, in place of {tag}. */
export const newTagOf = (artifact: Tagged, pattern: string) => pattern.replaceAll(placeholder, artifact.tags?.[0]?.name ?? shortDigest(artifact.digest));

export type PatternFault = 'bad' | 'same';

/** Why a pattern cannot name them: a name that is no tag, or one name for several artifacts. */
export function patternFault(artifacts: readonly Tagged[], pattern: string): PatternFault | undefined {
  const names = artifacts.map((artifact) => newTagOf(artifact, pattern));
  if (!names.every(isTag)) return 'bad';
  return new Set(names).size < names.length ? 'same' : undefined;
}
