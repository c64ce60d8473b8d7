import { describe, expect, test } from 'vitest';
import { readBanner, writeBanner } from './banner';

describe('the banner', () => {
  test('is written as Harbor has it and read back the same', () => {
    const draft = { message: 'Maintenance "tonight" 今晚', type: 'danger', closable: true, fromDate: '2026-11-21', toDate: '2026-11-22' } as const;
    expect(readBanner(writeBanner(draft))).toEqual(draft);
  });
  test('without a message is none', () => {
    expect(writeBanner({ ...readBanner(''), message: '  ', closable: true })).toBe('');
  });
  test.each([
    ['plain words', 'plain words'],
    ['42', '42'],
    ['{"message":7}', ''],
    ['{"message":"x","type":"loud"}', 'x'],
  ])('%s is read without a fault', (text, message) => {
    expect(readBanner(text)).toMatchObject({ message, type: 'warning' });
  });
  test('times of older clients become days', () => {
    expect(readBanner('{"message":"x","fromDate":"2026-11-21T08:00:00.000Z","toDate":"never"}')).toMatchObject({ fromDate: '2026-11-21', toDate: '' });
  });
});
