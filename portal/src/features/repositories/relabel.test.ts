import { expect, test } from 'vitest';
import type { Label } from '@/api/types';
import { labelChanges } from './relabel';

const wearing = (...ids: number[]) => ({ labels: ids.map((id): Label => ({ id, name: `l${id}`, color: '', scope: 'g', creation_time: '', update_time: '' })) });

test('only what differs is asked of the server', () => {
  const wanted = new Map([[1, true], [2, false], [3, true]]);
  expect(labelChanges(wearing(1, 2), wanted)).toEqual([[2, false], [3, true]]);
  expect(labelChanges(wearing(1, 3), wanted)).toEqual([]);
  expect(labelChanges({ labels: null }, wanted)).toEqual([[1, true], [3, true]]);
});
