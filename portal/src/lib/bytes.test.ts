import { describe, expect, test } from 'vitest';
import { formatBytes, splitBytes, unitBytes } from './bytes';

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

describe('a limit as people set it', () => {
  test.each([
    [-1, '', 'GiB'],
    [5 * 1024 ** 2, 5, 'MiB'],
    [1024 ** 3, 1, 'GiB'],
    [1.5 * 1024 ** 3, 1.5, 'GiB'],
    [1023 * 1024 ** 3, 1023, 'GiB'],
    [2 * 1024 ** 4, 2, 'TiB'],
    [300_000, 0.286, 'MiB'],
  ] as const)('%d bytes are %s %s', (bytes, amount, unit) => {
    expect(splitBytes(bytes)).toEqual({ amount, unit });
  });

  test('whole amounts come back as the same bytes', () => {
    const { amount, unit } = splitBytes(20 * 1024 ** 3);
    expect(Number(amount) * unitBytes(unit)).toBe(20 * 1024 ** 3);
  });
});
