import { describe, expect, test } from 'vitest';
import { isDigest, isProjectName, isTag, joinReference, parsePlace, placeOf, shortDigest, withoutProject } from './reference';

const digest = `sha256:${'0f'.repeat(32)}`;

describe('an address under /repositories/', () => {
  test.each([
    ['app', { kind: 'repository', repository: 'app' }],
    ['team/app', { kind: 'repository', repository: 'team/app' }],
    ['team/app/', { kind: 'repository', repository: 'team/app' }],
    ['team/app/-/tags/v1.2', { kind: 'artifact', repository: 'team/app', reference: 'v1.2' }],
    [`app/-/artifacts/${digest}`, { kind: 'artifact', repository: 'app', reference: digest }],
    ['', { kind: 'none' }],
    ['app/-/tags/', { kind: 'none' }],
    ['app/-/tags/v1/more', { kind: 'none' }],
    ['app/-/tags/-v1', { kind: 'none' }],
    ['app/-/artifacts/v1', { kind: 'none' }],
    ['app/-/tags/v1/-/tags/v2', { kind: 'none' }],
    ['app/-/else/v1', { kind: 'none' }],
  ])('%s', (path, place) => {
    expect(parsePlace(path)).toEqual(place);
  });

  test('is made so that it is read back', () => {
    for (const reference of ['v1', 'latest', digest]) {
      expect(parsePlace(placeOf('team/app', reference))).toEqual({ kind: 'artifact', repository: 'team/app', reference });
    }
    expect(parsePlace(placeOf('team/app'))).toEqual({ kind: 'repository', repository: 'team/app' });
  });
});

test('grammar of names', () => {
  expect(isTag('v1.2-rc_3')).toBe(true);
  expect(isTag('')).toBe(false);
  expect(isTag('.v1')).toBe(false);
  expect(isTag('x'.repeat(129))).toBe(false);
  expect(isProjectName('team-01.web_x')).toBe(true);
  expect(isProjectName('Team')).toBe(false);
  expect(isProjectName('team--')).toBe(false);
  expect(isDigest(digest)).toBe(true);
  expect(isDigest('v1')).toBe(false);
});

test('parts of names', () => {
  expect(shortDigest(digest)).toBe('0f0f0f0f0f0f');
  expect(withoutProject('library/team/app', 'library')).toBe('team/app');
  expect(withoutProject('team/app', 'library')).toBe('team/app');
  expect(joinReference('library/app', 'v1')).toBe('library/app:v1');
  expect(joinReference('library/app', digest)).toBe(`library/app@${digest}`);
});
