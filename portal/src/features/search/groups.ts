import type { Found } from '@/api/types';

export type Group = keyof Found;

/** In the order of how often they are what was meant. */
export const groups: readonly Group[] = ['projects', 'repositories', 'tags', 'artifacts'];
