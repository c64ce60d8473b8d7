import { describe, expect, test } from 'vitest';
import { faultOf, matches } from './doublestar';

describe('patterns', () => {
  test.each([
    ['v*', 'v1.2.0', true],
    ['v*', '1.2.0', false],
    ['**', 'latest', true],
    ['**', 'team/app', true],
    ['*', 'team/app', false],
    ['team/*', 'team/app', true],
    ['team/*', 'team/app/web', false],
    ['team/**', 'team/app/web', true],
    ['team/**', 'team', true],
    ['**/web', 'team/app/web', true],
    ['**/web', 'web', true],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'a/b/c', false],
    ['v?.0', 'v1.0', true],
    ['v?.0', 'v12.0', false],
    ['v[0-9]*', 'v3-rc', true],
    ['v[^0-9]*', 'v3', false],
    ['v[!0-9]*', 'vx', true],
    ['[]x]', ']', true],
    ['{latest,stable}', 'stable', true],
    ['{latest,stable}', 'edge', false],
    ['v{1,2}.{0,1}', 'v2.1', true],
    ['{a,b{c,d}}', 'bd', true],
    ['release-\\*', 'release-*', true],
    ['release-\\*', 'release-1', false],
    ['*-*-*', 'a-b-c', true],
    ['*a*b*c', 'xxaxxbxxc', true],
    ['', '', true],
    ['v*', '', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  test('a hostile pattern is answered at once', () => {
    const started = performance.now();
    expect(matches(`${'*a'.repeat(60)}b`, 'a'.repeat(200))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('what is wrong with a pattern', () => {
  test.each([
    ['v*', undefined],
    ['{a,b}', undefined],
    ['[a-z]', undefined],
    ['', 'empty'],
    ['x'.repeat(256), 'long'],
    ['{a,b', 'braces'],
    ['a}', 'braces'],
    ['{a,b,c}'.repeat(6), 'braces'],
    ['[a-z', 'brackets'],
    ['a\\', 'escape'],
  ])('%s', (pattern, expected) => {
    expect(faultOf(pattern)).toBe(expected);
  });
});
