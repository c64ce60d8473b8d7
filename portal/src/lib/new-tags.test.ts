import { expect, test } from 'vitest';
import { newTagOf, patternFault } from './new-tags';

const artifact = (name?: string) => ({ digest: `sha256:${'ab'.repeat(32)}`, tags: name === undefined ? null : [{ name }, { name: 'other' }] });

test('a pattern names each artifact by its first tag, or its digest', () => {
  expect(newTagOf(artifact('v1'), 'release-{tag}')).toBe('release-v1');
  expect(newTagOf(artifact(), 'keep-{tag}')).toBe('keep-abababababab');
  expect(newTagOf(artifact('v1'), 'stable')).toBe('stable');
});

test('one name cannot be given to two', () => {
  expect(patternFault([artifact('v1')], 'stable')).toBeUndefined();
  expect(patternFault([artifact('v1'), artifact('v2')], 'stable')).toBe('same');
  expect(patternFault([artifact('v1'), artifact('v2')], '{tag}-stable')).toBeUndefined();
  expect(patternFault([artifact('v1')], 'not a tag')).toBe('bad');
  expect(patternFault([artifact('x'.repeat(128))], '{tag}-longer')).toBe('bad');
});
