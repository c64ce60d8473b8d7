import type { ReplicationFilter, ReplicationPolicy } from '@/api/types';
import { faultOf } from '@/lib/doublestar';
import type { CronValue } from '@/ui/CronField';
import { cronTypes, usualCron } from '@/lib/cron';

export const triggers = ['manual', 'scheduled', 'event_based'] as const;
export type Trigger = (typeof triggers)[number];
export const sorts = ['', 'image', 'artifact'] as const;
export type Sort = (typeof sorts)[number];

/** A policy as the form edits it: at most one filter of each kind. */
export interface Draft {
  name: string;
  description: string;
  push: boolean;
  registry: number | undefined;
  names: string;
  tags: string;
  exceptTags: boolean;
  labels: string[];
  exceptLabels: boolean;
  sort: Sort;
  namespace: string;
  /** how many components of a name the namespace stands for; -1: all but the last */
  replace: number;
  trigger: Trigger;
  when: CronValue;
  deletion: boolean;
  override: boolean;
  enabled: boolean;
  /** KB/s; 0: no limit */
  speed: number;
  byChunk: boolean;
  single: boolean;
  /** repositories at a time; 0: as many as there are workers */
  concurrency: number;
}

export const emptyDraft: Draft = {
  name: '', description: '', push: true, registry: undefined, names: '', tags: '', exceptTags: false, labels: [], exceptLabels: false, sort: '', namespace: '', replace: 1,
  trigger: 'manual', when: { type: 'Daily', cron: usualCron.Daily }, deletion: false, override: true, enabled: true, speed: 0, byChunk: false, single: false, concurrency: 0,
};

export const farOf = (policy: ReplicationPolicy) => (isPush(policy) ? policy.dest_registry : policy.src_registry);
export const isPush = (policy: ReplicationPolicy): boolean => (policy.dest_registry?.id ?? 0) !== 0;
export const textOf = (filter: ReplicationFilter | undefined): string => (typeof filter?.value === 'string' ? filter.value : '');
export const listOf = (filter: ReplicationFilter | undefined): string[] => (Array.isArray(filter?.value) ? filter.value.filter((each): each is string => typeof each === 'string') : []);
export const triggerOf = (policy: ReplicationPolicy): Trigger => triggers.find((each) => each === policy.trigger?.type) ?? 'manual';

const cronOf = (cron: string | undefined): CronValue => {
  if (!cron) return emptyDraft.when;
  const usual = cronTypes.find((type) => type !== 'Custom' && usualCron[type] === cron);
  return { type: usual ?? 'Custom', cron };
};

/** undefined: the policy has more filters than the form can show. */
export function draftOf(policy: ReplicationPolicy): Draft | undefined {
  const of = (type: string) => policy.filters.filter((filter) => filter.type === type);
  const [name, tag, label, resource] = [of('name'), of('tag'), of('label'), of('resource')];
  if ([name, tag, label, resource].some((all) => all.length > 1)) return undefined;
  return {
    name: policy.name, description: policy.description ?? '', push: isPush(policy), registry: farOf(policy)?.id,
    names: textOf(name[0]), tags: textOf(tag[0]), exceptTags: tag[0]?.decoration === 'excludes', labels: listOf(label[0]), exceptLabels: label[0]?.decoration === 'excludes',
    sort: sorts.find((each) => each === textOf(resource[0])) ?? '', namespace: policy.dest_namespace ?? '', replace: policy.dest_namespace_replace_count,
    trigger: triggerOf(policy), when: cronOf(policy.trigger?.trigger_settings.cron), deletion: policy.deletion === true, override: policy.override, enabled: policy.enabled,
    speed: policy.speed, byChunk: policy.copy_by_chunk, single: policy.single_active_replication, concurrency: policy.concurrency ?? 0,
  };
}

/** What the server is sent. */
export function bodyOf(draft: Draft) {
  const filters: ReplicationFilter[] = [];
  if (draft.names !== '') filters.push({ type: 'name', value: draft.names });
  if (draft.tags !== '') filters.push({ type: 'tag', value: draft.tags, decoration: draft.exceptTags ? 'excludes' : 'matches' });
  if (draft.labels.length > 0) filters.push({ type: 'label', value: draft.labels, decoration: draft.exceptLabels ? 'excludes' : 'matches' });
  if (draft.sort !== '') filters.push({ type: 'resource', value: draft.sort });
  const far = { id: draft.registry ?? 0 };
  return {
    name: draft.name.trim(), description: draft.description.trim(), ...(draft.push ? { dest_registry: far } : { src_registry: far }),
    dest_namespace: draft.namespace, dest_namespace_replace_count: draft.replace, filters,
    trigger: { type: draft.trigger, trigger_settings: { cron: draft.trigger === 'scheduled' ? draft.when.cron : '' } },
    deletion: draft.trigger === 'event_based' && draft.deletion, override: draft.override, enabled: draft.enabled, speed: draft.speed, copy_by_chunk: draft.byChunk,
    single_active_replication: draft.single, concurrency: draft.concurrency,
  };
}

/** All of a policy, to be sent back with one thing changed. */
export function sameBody(policy: ReplicationPolicy, change: { enabled: boolean }) {
  const far = { id: farOf(policy)?.id ?? 0 };
  return {
    name: policy.name, description: policy.description, ...(isPush(policy) ? { dest_registry: far } : { src_registry: far }),
    dest_namespace: policy.dest_namespace, dest_namespace_replace_count: policy.dest_namespace_replace_count, filters: policy.filters, trigger: policy.trigger,
    deletion: policy.deletion === true, override: policy.override, speed: policy.speed, copy_by_chunk: policy.copy_by_chunk,
    single_active_replication: policy.single_active_replication, concurrency: policy.concurrency ?? 0, ...change,
  };
}

const namespaceForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
export const isGoodNamespace = (namespace: string): boolean => namespace === '' || namespaceForm.test(namespace);
export const isGoodPattern = (pattern: string): boolean => pattern === '' || faultOf(pattern) === undefined;

/** Enough of it is there and right to ask the server what it would copy. */
export const canPreview = (draft: Draft): boolean => draft.registry !== undefined && isGoodPattern(draft.names) && isGoodPattern(draft.tags) && isGoodNamespace(draft.namespace);

/** What happens to the name of a repository, shown on an example. */
export function destinationOf(repository: string, namespace: string, replace: number): string | undefined {
  if (namespace === '') return repository;
  const parts = repository.split('/');
  const rest = replace < 0 ? parts.slice(-1) : parts.slice(replace);
  return rest.length === 0 ? undefined : [namespace, ...rest].join('/');
}
