import { expect, test } from 'vitest';
import { formatBytes } from './bytes';

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1024 * 1024 - 1, '1 MiB'],
  [29_124_864, '27.8 MiB'],
  [5 * 1024 ** 3, '5 GiB'],
  [2 ** 62, '4,096 PiB'],
  [-1, '–'],
  [Number.NaN, '–'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes, 'en')).toBe(text);
});
