import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Artifact, Reference } from '@/api/types';
import { isReal, platformName } from '@/lib/platform';

const mostButtons = 4;

/** The manifest inside an index that is looked at: the address's, else the first that runs somewhere. */
export function usePlatform(artifact: Artifact): Reference | undefined {
  const { platform } = useSearch({ strict: false });
  const references = artifact.references ?? [];
  return (
    references.find((reference) => reference.child_digest === platform) ??
    references.find((reference) => isReal(reference.platform)) ??
    references[0]
  );
}

interface Props {
  artifact: Artifact;
  platform: Reference | undefined;
  /** a name for the index itself, where it can be chosen too */
  whole?: string;
  onChoose: (digest: string | undefined) => void;
}

export function PlatformSwitch({ artifact, platform, whole, onChoose }: Props) {
  const { t } = useTranslation();
  const { platform: asked } = useSearch({ strict: false });
  const references = artifact.references ?? [];
  if (references.length === 0) return null;
  const names = references.map((reference) => ({
    value: reference.child_digest,
    label: isReal(reference.platform) ? platformName(reference.platform) : t('artifacts.attestation'),
  }));
  const data = whole ? [{ value: '', label: whole }, ...names] : names;
  const value = whole ? (asked ?? '') : (platform?.child_digest ?? '');
  const choose = (digest: string) => onChoose(digest || undefined);
  const label = t('artifacts.platform');
  return data.length <= mostButtons ? (
    <SegmentedControl mb="md" size="sm" aria-label={label} data={data} value={value} onChange={choose} style={{ maxWidth: '100%', overflowX: 'auto' }} />
  ) : (
    <NativeSelect mb="md" w={260} aria-label={label} data={data} value={value} onChange={(event) => choose(event.currentTarget.value)} />
  );
}
