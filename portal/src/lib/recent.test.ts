import { beforeEach, describe, expect, test } from 'vitest';
import { forgetVisits, recentVisits, rememberVisit, visitOf } from './recent';

const digest = `sha256:${'a'.repeat(64)}`;

describe('visitOf', () => {
  test.each([
    ['/projects/library', 'project', 'library'],
    ['/projects/library/members', 'project', 'library'],
    ['/projects/library/repositories/team/app', 'repository', 'library/team/app'],
    ['/projects/library/repositories/team/app/-/tags/v1', 'artifact', 'library/team/app:v1'],
    [`/projects/library/repositories/app/-/artifacts/${digest}`, 'artifact', `library/app@${digest}`],
  ])('%s', (path, kind, name) => expect(visitOf(path)).toMatchObject({ kind, name }));
  test.each(['/', '/projects', '/audit', '/projects/library/repositories/app/-/tags/'])('%s is nothing with a name', (path) => expect(visitOf(path)).toBeUndefined());
});

describe('what was visited', () => {
  beforeEach(forgetVisits);
  test('is kept once each, the last first', () => {
    for (const project of ['a', 'b', 'a', 'c']) rememberVisit(`/projects/${project}`);
    expect(recentVisits().map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });
  test('is eight things at most, and never a page without a name', () => {
    for (let i = 0; i < 12; i++) rememberVisit(`/projects/p${i}`);
    rememberVisit('/audit');
    expect(recentVisits()).toHaveLength(8);
  });
  test('survives nonsense in the browser’s storage', () => {
    localStorage.setItem('roadstead.recent', '{"x":');
    expect(recentVisits()).toEqual([]);
    localStorage.setItem('roadstead.recent', '[1, null, "/projects/ok"]');
    expect(recentVisits().map(({ name }) => name)).toEqual(['ok']);
  });
});
