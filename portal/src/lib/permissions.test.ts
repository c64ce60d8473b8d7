import { expect, test } from 'vitest';
import { nothingPermitted, Permissions } from './permissions';

test('what was granted is allowed and nothing else', () => {
  const permissions = new Permissions([
    { resource: '.', action: 'read' },
    { resource: 'member', action: 'list' },
    { resource: 'repository', action: 'push' },
  ]);
  expect(permissions.may('list', 'member')).toBe(true);
  expect(permissions.may('push', 'repository')).toBe(true);
  expect(permissions.may('create', 'member')).toBe(false);
  expect(permissions.may('update', '.')).toBe(false);
  expect(nothingPermitted.may('read', '.')).toBe(false);
});

test('a star allows every action on its resource', () => {
  const permissions = new Permissions([{ resource: 'tag', action: '*' }]);
  expect(permissions.may('delete', 'tag')).toBe(true);
  expect(permissions.may('delete', 'artifact')).toBe(false);
});
