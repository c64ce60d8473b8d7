import { describe, expect, test } from 'vitest';
import { day, endOf, isDuration, validityOf } from './expiry';

const now = Date.parse('2026-11-21T12:00:00Z');
const inDays = (days: number) => Math.floor((now + days * day) / 1000);

describe('how long a robot lasts', () => {
  test.each([
    [-1, 'forever'],
    [inDays(90), 'valid'],
    [inDays(15), 'valid'],
    [inDays(13), 'soon'],
    [inDays(0), 'expired'],
    [inDays(-3), 'expired'],
  ])('%d is %s', (expiresAt, expected) => {
    expect(validityOf(expiresAt, now)).toBe(expected);
  });

  test.each([
    [-1, true],
    [1, true],
    [36_500, true],
    [0, false],
    [-2, false],
    [1.5, false],
    [36_501, false],
    [Number.NaN, false],
  ])('%d days may be asked for: %s', (days, expected) => {
    expect(isDuration(days)).toBe(expected);
  });

  test('the end is counted from the making, and never has none', () => {
    expect(endOf(30, now)?.toISOString()).toBe('2026-12-21T12:00:00.000Z');
    expect(endOf(-1, now)).toBeUndefined();
  });
});
