import { describe, expect, test } from 'vitest';
import type { User } from '@/api/types';
import { pages, pagesFor } from './pages';

const person = (more: object) => ({ user_id: 2, username: 'mei.lin', sysadmin_flag: false, ...more }) as User;
const addresses = (user: User | null) => pagesFor(user).map(({ to }): string => to);

describe('pages', () => {
  test('nobody in particular is shown what is open to everybody', () => expect(addresses(null)).toEqual(['/projects', '/search', '/api-docs']));
  test('a person is shown none of the administrators’', () => {
    expect(addresses(person({}))).toContain('/audit');
    expect(addresses(person({}))).not.toContain('/users');
  });
  test('an administrator is shown all, by flag or by the directory', () => {
    expect(addresses(person({ sysadmin_flag: true }))).toHaveLength(pages.length);
    expect(addresses(person({ admin_role_in_auth: true }))).toHaveLength(pages.length);
  });
  test('each has its own keys', () => expect(new Set(pages.map(({ keys }) => keys)).size).toBe(pages.length));
});
