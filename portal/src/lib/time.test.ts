import { expect, test } from 'vitest';
import { formatRelative, localMinute, parseTime } from './time';

const now = new Date('2026-11-21T12:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  [0, 'now'],
  [-30, 'now'],
  [59, '59 seconds ago'],
  [60, '1 minute ago'],
  [7200, '2 hours ago'],
  [86_400, 'yesterday'],
  [8 * 86_400, 'last week'],
  [800 * 86_400, '2 years ago'],
])('%d seconds before is %s', (seconds, text) => {
  expect(formatRelative(before(seconds), now, 'en')).toBe(text);
});

test('the year 1 means never', () => {
  expect(parseTime('0001-01-01T00:00:00.000Z')).toBeNull();
  expect(parseTime(undefined)).toBeNull();
  expect(parseTime('nonsense')).toBeNull();
  expect(parseTime('2026-11-21T00:42:40.942Z')?.getUTCFullYear()).toBe(2026);
});

test('a time is written for the browser’s own input by the clock of the device', () => {
  expect(localMinute(new Date(2026, 0, 3, 4, 5, 59))).toBe('2026-01-03T04:05');
});
