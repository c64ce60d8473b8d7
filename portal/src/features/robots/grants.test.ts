import { describe, expect, test } from 'vitest';
import type { Permission } from '@/lib/permissions';
import { accessOf, byResource, idOf, inProjects, inSystem, presetOf, presets } from './grants';

const permission = (id: string): Permission => {
  const [resource = '', action = ''] = id.split(':');
  return { resource, action };
};
const catalogue = [
  'log:list', 'project:read', 'project:delete', 'metadata:read', 'repository:read', 'repository:update', 'repository:delete', 'repository:list', 'repository:pull',
  'repository:push', 'artifact:read', 'artifact:create', 'artifact:list', 'artifact:delete', 'scan:create', 'scan:read', 'scan:stop', 'tag:create', 'tag:list', 'tag:delete',
].map(permission);

describe('presets', () => {
  test('CI pushes and pulls, and nothing else', () => {
    expect(accessOf('push', catalogue).map(idOf)).toEqual(['repository:pull', 'repository:push']);
  });
  test('a cluster pulls, and nothing else', () => {
    expect(accessOf('pull', catalogue).map(idOf)).toEqual(['repository:pull']);
  });
  test('reading everything changes nothing', () => {
    const given = accessOf('read', catalogue).map((each) => each.action);
    expect(new Set(given)).toEqual(new Set(['list', 'read', 'pull']));
  });
  test('cleaning up deletes artifacts and tags, never the repository', () => {
    const given = accessOf('cleanup', catalogue).map(idOf);
    expect(given).toContain('artifact:delete');
    expect(given).toContain('tag:delete');
    expect(given).not.toContain('repository:delete');
  });
  test.each(presets)('%s is known again from what it gave', (preset) => {
    expect(presetOf(accessOf(preset, catalogue).toReversed(), catalogue)).toBe(preset);
  });
  test('nothing, and anything else, is no preset', () => {
    expect(presetOf([], catalogue)).toBeUndefined();
    expect(presetOf([permission('repository:push')], catalogue)).toBeUndefined();
  });
});

describe('permissions for a reader', () => {
  test('are one line a resource, with pull and push in front', () => {
    expect(byResource(['tag:list', 'repository:read', 'repository:push', 'repository:pull'].map(permission))).toEqual([
      { resource: 'repository', actions: ['pull', 'push', 'read'] },
      { resource: 'tag', actions: ['list'] },
    ]);
  });
  test('what the portal has no words for comes last and is not lost', () => {
    expect(byResource(['teapot:brew', 'repository:pull'].map(permission)).map((row) => row.resource)).toEqual(['repository', 'teapot']);
  });
  test('equal permissions in several projects are one line', () => {
    const pull = [permission('repository:pull')];
    expect(
      inProjects([
        { kind: 'project', namespace: 'library', access: pull },
        { kind: 'project', namespace: 'web', access: pull },
        { kind: 'project', namespace: 'data', access: [permission('tag:list')] },
        { kind: 'system', namespace: '/', access: [permission('quota:list')] },
      ]),
    ).toEqual([
      { namespaces: ['library', 'web'], access: pull },
      { namespaces: ['data'], access: [permission('tag:list')] },
    ]);
  });
  test('those of the system are apart', () => {
    expect(inSystem([{ kind: 'system', namespace: '/', access: [permission('quota:list')] }]).map(idOf)).toEqual(['quota:list']);
  });
});
