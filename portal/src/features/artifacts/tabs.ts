import type { Artifact } from '@/api/types';

/** The pages of an artifact, in their order. What its makers put inside is shown when the server offers it. */
export const tabs = ['overview', 'readme', 'values', 'dependencies', 'files', 'license', 'tags', 'referrers', 'manifest'] as const;
export type Tab = (typeof tabs)[number];

/** The contract's names of the additions behind the tabs. */
const additions: Partial<Record<Tab, string>> = { readme: 'readme.md', values: 'values.yaml', dependencies: 'dependencies', files: 'files', license: 'license' };

export function tabsOf(artifact: Pick<Artifact, 'addition_links'>): Tab[] {
  return tabs.filter((tab) => {
    const addition = additions[tab];
    return addition === undefined || artifact.addition_links?.[addition] !== undefined;
  });
}

/** The tab that an address asks for, where the artifact has it. */
export const tabFrom = (wanted: string | undefined, offered: readonly Tab[]): Tab => offered.find((tab) => tab === wanted) ?? 'overview';
