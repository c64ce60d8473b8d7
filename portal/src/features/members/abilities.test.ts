import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RoleName } from '@/lib/roles';
import { abilities } from './abilities';

const columns: RoleName[] = ['projectAdmin', 'maintainer', 'developer', 'guest', 'limitedGuest'];
const letters: Record<string, string> = { C: 'create', R: 'read', U: 'update', D: 'delete', L: 'list' };

/** The table that the server's own is tested against, cell by cell: core/rbac. */
function serversTable(): Map<string, RoleName[]> {
  const source = readFileSync('../core/rbac/rbac_test.go', 'utf8');
  const text = [...source.matchAll(/const (?:harborTable|ownTable) = `\n([^`]+)`/g)].map((found) => found[1]).join('');
  const table = new Map<string, RoleName[]>();
  for (const line of text.trim().split('\n')) {
    const [resource = '', ...cells] = line.split('|').map((cell) => cell.trim());
    columns.forEach((role, column) => {
      for (const word of (cells[column] ?? '').split(' ').filter((each) => each !== '' && each !== '-')) {
        const permission = `${resource}:${letters[word] ?? word}`;
        table.set(permission, [...(table.get(permission) ?? []), role]);
      }
    });
  }
  return table;
}

describe('what the roles may do', () => {
  const table = serversTable();
  test.each(abilities)('$name is as the server has it', ({ permission, roles }) => {
    expect(table.get(permission)).toEqual(roles);
  });
});
