import { describe, expect, test } from 'vitest';
import { comparisonOf, isDigest, isProjectName, isRepositoryName, isTag, joinReference, parsePlace, placeOf, shortDigest, splitName, withoutProject } from './reference';

const digest = `sha256:${'0f'.repeat(32)}`;

describe('an address under /repositories/', () => {
  test.each([
    ['app', { kind: 'repository', repository: 'app' }],
    ['team/app', { kind: 'repository', repository: 'team/app' }],
    ['team/app/', { kind: 'repository', repository: 'team/app' }],
    ['team/app/-/tags/v1.2', { kind: 'artifact', repository: 'team/app', reference: 'v1.2' }],
    [`app/-/artifacts/${digest}`, { kind: 'artifact', repository: 'app', reference: digest }],
    ['team/app/-/history', { kind: 'history', repository: 'team/app', tag: undefined }],
    ['team/app/-/tags/v1/history', { kind: 'history', repository: 'team/app', tag: 'v1' }],
    ['app/-/tags/v1/history/more', { kind: 'none' }],
    ['', { kind: 'none' }],
    ['app/-/tags/', { kind: 'none' }],
    ['app/-/tags/v1/more', { kind: 'none' }],
    ['app/-/tags/-v1', { kind: 'none' }],
    ['app/-/artifacts/v1', { kind: 'none' }],
    ['app/-/tags/v1/-/tags/v2', { kind: 'none' }],
    ['app/-/else/v1', { kind: 'none' }],
    ['team/app/-/compare/v1...v2', { kind: 'comparison', repository: 'team/app', from: 'v1', to: 'v2' }],
    [`app/-/compare/v1.2...${digest}`, { kind: 'comparison', repository: 'app', from: 'v1.2', to: digest }],
    ['app/-/compare/v1....v2', { kind: 'comparison', repository: 'app', from: 'v1.', to: 'v2' }],
    ['app/-/compare/v1..v2', { kind: 'none' }],
    ['app/-/compare/...v2', { kind: 'none' }],
    ['app/-/compare/v1...', { kind: 'none' }],
  ])('%s', (path, place) => {
    expect(parsePlace(path)).toEqual(place);
  });

  test('is made so that it is read back', () => {
    for (const reference of ['v1', 'latest', digest]) {
      expect(parsePlace(placeOf('team/app', reference))).toEqual({ kind: 'artifact', repository: 'team/app', reference });
    }
    expect(parsePlace(placeOf('team/app'))).toEqual({ kind: 'repository', repository: 'team/app' });
    expect(parsePlace(comparisonOf('app', { digest, tag: 'v1' }, { digest }))).toEqual({ kind: 'comparison', repository: 'app', from: 'v1', to: digest });
  });

  test('a tag that would be read otherwise gives way to its digest', () => {
    expect(comparisonOf('app', { digest, tag: 'a...b' }, { digest, tag: 'v1' })).toBe(`app/-/compare/${digest}...v1`);
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
  for (const good of ['app', 'team/app', 'a.b_c__d--e/f0']) expect(isRepositoryName(good)).toBe(true);
  for (const bad of ['', 'App', '/app', 'app/', 'a//b', '-a', 'a..b', 'a b']) expect(isRepositoryName(bad)).toBe(false);
});

test('parts of names', () => {
  expect(shortDigest(digest)).toBe('0f0f0f0f0f0f');
  expect(withoutProject('library/team/app', 'library')).toBe('team/app');
  expect(withoutProject('team/app', 'library')).toBe('team/app');
  expect(splitName('library/team/app')).toEqual({ project: 'library', repository: 'team/app' });
  expect(joinReference('library/app', 'v1')).toBe('library/app:v1');
  expect(joinReference('library/app', digest)).toBe(`library/app@${digest}`);
});
