import { describe, expect, test } from 'vitest';
import { parseBanner } from './banner';

const now = new Date('2026-11-21T12:00:00Z');
const shown = (banner: object) => parseBanner(JSON.stringify(banner), now);

describe('parseBanner', () => {
  test('none is none', () => expect([parseBanner(undefined, now), parseBanner('', now), shown({ message: ' ' })]).toEqual([undefined, undefined, undefined]));
  test('plain words are a warning', () => expect(parseBanner('Upgrade at noon', now)).toEqual({ message: 'Upgrade at noon', tone: 'warning', closable: false }));
  test('a number is words too', () => expect(parseBanner('42', now)?.message).toBe('42'));
  test("Harbor's shape", () => expect(shown({ message: 'Hi', type: 'info', closable: true })).toEqual({ message: 'Hi', tone: 'info', closable: true }));
  test('an unknown type is a warning', () => expect(shown({ message: 'Hi', type: 'loud' })?.tone).toBe('warning'));
  test('before its first day it is not shown', () => expect(shown({ message: 'Hi', fromDate: '2026-11-22' })).toBeUndefined());
  test('on its last day it is shown', () => expect(shown({ message: 'Hi', toDate: '2026-11-21' })?.message).toBe('Hi'));
  test('after its last day it is not', () => expect(shown({ message: 'Hi', toDate: '2026-11-19' })).toBeUndefined());
  test('dates that are none do not hide it', () => expect(shown({ message: 'Hi', fromDate: null, toDate: 'soon' })?.message).toBe('Hi'));
});
