import { describe, expect, test } from 'vitest';
import { isFault, meaningOf, nextRun, parseCron } from './cron';

const after = new Date('2026-03-01T10:30:00Z');
const next = (text: string) => {
  const cron = parseCron(text);
  return isFault(cron) ? cron : nextRun(cron, after)?.toISOString().slice(0, 16);
};

describe('cron', () => {
  // The same as core/job's own table: the portal promises what the server does.
  test.each([
    ['0 0 0 * * *', '2026-03-02T00:00'],
    ['0 0 0 * * 0', '2026-03-08T00:00'],
    ['0 */15 * * * *', '2026-03-01T10:45'],
    ['0 0 2 29 2 *', '2028-02-29T02:00'],
    ['0 0 12 * * MON-FRI', '2026-03-02T12:00'],
    ['0  0\t0 1 1 ?', '2027-01-01T00:00'],
    ['0 30 2 29 3 *', '2026-03-29T02:30'],
    ['0 5/20 9,17 * * *', '2026-03-01T17:05'],
    ['0 0 0 13 * 5', '2026-03-06T00:00'],
  ])('%s is next at %s', (text, time) => expect(next(text)).toBe(time));

  test.each([
    ['', { kind: 'count', found: 0 }],
    ['0 0 * * *', { kind: 'count', found: 5 }],
    ['0 0 0 * * * *', { kind: 'count', found: 7 }],
    ['5 0 0 * * *', { kind: 'field', field: 'seconds' }],
    ['0 60 0 * * *', { kind: 'field', field: 'minutes' }],
    ['0 0 24 * * *', { kind: 'field', field: 'hours' }],
    ['0 0 0 0 * *', { kind: 'field', field: 'day' }],
    ['0 0 0 * 13 *', { kind: 'field', field: 'month' }],
    ['0 0 0 * * MOO', { kind: 'field', field: 'weekday' }],
    ['0 */0 0 * * *', { kind: 'field', field: 'minutes' }],
    ['0 5-1 0 * * *', { kind: 'field', field: 'minutes' }],
    ['0 0 0 31 2 *', { kind: 'never' }],
  ])('%s is wrong: %o', (text, fault) => expect(parseCron(text)).toEqual(fault));

  test.each([
    ['0 */5 * * * *', { kind: 'minutes', every: 5 }],
    ['0 15 * * * *', { kind: 'hourly', minute: 15 }],
    ['0 30 2 * * *', { kind: 'daily', hour: 2, minute: 30 }],
    ['0 0 3 * * 6,0', { kind: 'weekly', weekdays: [0, 6], hour: 3, minute: 0 }],
    ['0 0 4 1 * *', { kind: 'monthly', day: 1, hour: 4, minute: 0 }],
    ['0 0 4 1 6 *', { kind: 'custom' }],
    ['0 */7 * * * *', { kind: 'custom' }],
    ['bad', { kind: 'custom' }],
  ])('%s means %o', (text, meaning) => expect(meaningOf(text)).toEqual(meaning));
});
