import { describe, expect, test } from 'vitest';
import { areaPath, linePath, nearest, ticks } from './scale';

const gibibyte = 1024 ** 3;

describe('ticks', () => {
  test.each([
    ['nothing yet', 0, 10, [0, 1]],
    ['one thing', 1, 10, [0, 1]],
    ['things are counted in whole numbers', 3, 10, [0, 1, 2, 3]],
    ['a round highest value is the last line', 100, 10, [0, 25, 50, 75, 100]],
    ['a highest value between lines is below the last one', 87, 10, [0, 25, 50, 75, 100]],
    ['bytes are round in their own unit', 7.4 * gibibyte, 1024, [0, 2, 4, 6, 8].map((n) => n * gibibyte)],
    ['a part of a unit', 1.5 * gibibyte, 1024, [0, 0.5, 1, 1.5].map((n) => n * gibibyte)],
  ] as const)('%s', (_name, highest, base, want) => expect(ticks(highest, base)).toEqual(want));
  test('never more than six lines', () => {
    for (let highest = 1; highest < 5000; highest = Math.ceil(highest * 1.13)) expect(ticks(highest).length).toBeLessThanOrEqual(6);
  });
});

describe('paths', () => {
  test('a line runs from the left to the right, upwards for more', () => expect(linePath([0, 5, 10], 100, 50, 10)).toBe('M0 50L50 25L100 0'));
  test('an area closes at the bottom', () => expect(areaPath([10, 10], 100, 50, 10)).toBe('M0 0L100 0L100 50L0 50Z'));
  test('one point or none break nothing', () => expect([linePath([3], 100, 50, 3), areaPath([], 100, 50, 1)]).toEqual(['M0 0', '']));
});

test('the nearest day is inside the chart, wherever the pointer is', () => {
  expect([-20, 0, 49, 51, 500].map((x) => nearest(x, 11, 100))).toEqual([0, 0, 5, 5, 10]);
});
