import { describe, expect, test } from 'vitest';
import { contrast, isColor, isSeenInBothThemes, palette } from './color';

describe('colours', () => {
  test.each([
    ['#00ff7F', true],
    ['#fff', false],
    ['00ff7f0', false],
    ['#00ff7g', false],
    ['red', false],
    ['', false],
  ])('%s is a colour: %s', (text, expected) => {
    expect(isColor(text)).toBe(expected);
  });

  test('the contrast of black and white is 21 and of a colour with itself 1', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#0c6076', '#0c6076')).toBe(1);
  });

  test.each(palette)('%s is seen on the light and on the dark page', (color) => {
    expect(isSeenInBothThemes(color)).toBe(true);
  });

  test.each(['#ffffff', '#ffff00', '#000000', '#0a2a3a'])('%s would vanish on one of them', (color) => {
    expect(isSeenInBothThemes(color)).toBe(false);
  });
});
