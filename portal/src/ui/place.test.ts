import { describe, expect, test } from 'vitest';
import { placeFor } from './place';

const view = { width: 400, height: 300 };
const size = { width: 100, height: 40 };
const at = (left: number, top: number) => ({ left, top, right: left + 20, bottom: top + 20 });

describe('placeFor', () => {
  test('a tooltip stands above the middle of what it explains', () => {
    expect(placeFor(at(190, 150), size, view, { side: 'above', align: 'center', gap: 6 })).toEqual({ top: 104, left: 150 });
  });
  test('without room above it goes below', () => {
    expect(placeFor(at(190, 10), size, view, { side: 'above', align: 'center', gap: 6 }).top).toBe(36);
  });
  test('a menu ends where its button ends, and opens upwards at the bottom of the window', () => {
    expect(placeFor(at(300, 100), size, view, { side: 'below', align: 'end', gap: 4 })).toEqual({ top: 124, left: 220 });
    expect(placeFor(at(300, 270), size, view, { side: 'below', align: 'end', gap: 4 }).top).toBe(226);
  });
  test('nothing leaves the window sideways', () => {
    expect(placeFor(at(0, 150), size, view, { side: 'above', align: 'center', gap: 6 }).left).toBe(8);
    expect(placeFor(at(385, 150), size, view, { side: 'above', align: 'center', gap: 6 }).left).toBe(292);
  });
});
