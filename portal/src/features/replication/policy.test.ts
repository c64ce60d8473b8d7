import { describe, expect, test } from 'vitest';
import type { ReplicationPolicy } from '@/api/types';
import { bodyOf, canPreview, destinationOf, draftOf, emptyDraft, isGoodNamespace, sameBody } from './policy';

const registry = (id: number, name: string) => ({
  id, name, type: 'harbor', url: 'https://x', insecure: false, status: 'healthy', credential: {}, creation_time: '', update_time: '', status_since: '',
});
const policy: ReplicationPolicy = {
  id: 7, name: 'nightly', src_registry: registry(3, 'far'), dest_registry: registry(0, 'Local'), dest_namespace: 'mirror', dest_namespace_replace_count: 2, enabled: true, override: true,
  filters: [
    { type: 'name', value: 'library/**' },
    { type: 'tag', value: 'v*', decoration: 'excludes' },
    { type: 'label', value: ['a', 'b'], decoration: 'matches' },
    { type: 'resource', value: 'image' },
  ],
  trigger: { type: 'scheduled', trigger_settings: { cron: '0 30 2 * * *' } }, speed: 100, copy_by_chunk: true, single_active_replication: true, concurrency: 3,
  creation_time: '', update_time: '2026-01-01T00:00:00.000Z',
};

describe('a policy', () => {
  test('survives the form', () => {
    const draft = draftOf(policy);
    expect(draft).toMatchObject({ push: false, registry: 3, names: 'library/**', tags: 'v*', exceptTags: true, labels: ['a', 'b'], sort: 'image', replace: 2, when: { type: 'Custom', cron: '0 30 2 * * *' } });
    if (!draft) throw new Error('no draft');
    expect(bodyOf(draft)).toMatchObject({
      name: 'nightly', src_registry: { id: 3 }, dest_namespace: 'mirror', dest_namespace_replace_count: 2, filters: policy.filters,
      trigger: { type: 'scheduled', trigger_settings: { cron: '0 30 2 * * *' } }, speed: 100, copy_by_chunk: true, single_active_replication: true, concurrency: 3, deletion: false,
    });
    expect(bodyOf(draft)).not.toHaveProperty('dest_registry');
  });

  test('with two filters of a kind is not for the form, but can be switched off whole', () => {
    const two = { ...policy, filters: [...policy.filters, { type: 'tag', value: '*' }] };
    expect(draftOf(two)).toBeUndefined();
    expect(sameBody(two, { enabled: false })).toMatchObject({ enabled: false, filters: two.filters, src_registry: { id: 3 } });
  });

  test('deletes only what events tell of', () => {
    expect(bodyOf({ ...emptyDraft, registry: 1, deletion: true, trigger: 'manual' }).deletion).toBe(false);
    expect(bodyOf({ ...emptyDraft, registry: 1, deletion: true, trigger: 'event_based' }).deletion).toBe(true);
  });

  test('says what becomes of a name', () => {
    expect(destinationOf('a/b/c', '', 1)).toBe('a/b/c');
    expect(destinationOf('a/b/c', 'n', -1)).toBe('n/c');
    expect(destinationOf('a/b/c', 'n', 0)).toBe('n/a/b/c');
    expect(destinationOf('a/b/c', 'n', 2)).toBe('n/c');
    expect(destinationOf('a/b/c', 'n', 3)).toBeUndefined();
  });

  test('is asked about only when it could be right', () => {
    expect(canPreview(emptyDraft)).toBe(false);
    expect(canPreview({ ...emptyDraft, registry: 1 })).toBe(true);
    expect(canPreview({ ...emptyDraft, registry: 1, names: 'a{' })).toBe(false);
    expect(canPreview({ ...emptyDraft, registry: 1, namespace: 'A b' })).toBe(false);
    expect(isGoodNamespace('a/b-c.d')).toBe(true);
  });
});
