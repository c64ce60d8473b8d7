import { describe, expect, test } from 'vitest';
import { allFields, changed, isGood, type Value } from './fields';

const field = (key: string) => {
  const found = allFields.find((each) => each.key === key);
  if (!found) throw new Error(key);
  return found;
};

describe('settings', () => {
  test.each<[string, Value, boolean]>([
    ['self_registration', true, true],
    ['self_registration', 'true', false],
    ['session_timeout', 60, true],
    ['session_timeout', 0, false],
    ['session_timeout', 1.5, false],
    ['session_timeout', 43_201, false],
    ['session_timeout', -1, false],
    ['robot_token_duration', -1, true],
    ['robot_token_duration', 0, false],
    ['project_creation_restriction', 'adminonly', true],
    ['project_creation_restriction', 'nobody', false],
    ['storage_per_project', -1, true],
    ['storage_per_project', Number.NaN, false],
    ['storage_per_project', 0, false],
    ['recovery_days', 0, true],
    ['recovery_days', 366, false],
    ['robot_name_prefix', 'robot$', true],
    ['robot_name_prefix', '', false],
    ['robot_name_prefix', 'with space', false],
    ['robot_name_prefix', 'x'.repeat(65), false],
    ['banner_message', '', true],
    ['banner_message', '{"message":"Maintenance at six"}', true],
    ['banner_message', 'x'.repeat(4097), false],
  ])('%s may be %s: %s', (key, value, expected) => {
    expect(isGood(field(key), value)).toBe(expected);
  });

  test('what differs is told in the order of the page, and nothing that the server did not send', () => {
    const before = { read_only: false, session_timeout: 60, ldap_url: '' };
    const after = { read_only: true, session_timeout: 30, ldap_url: 'x' };
    expect(changed(before, after).map((each) => each.key)).toEqual(['session_timeout', 'read_only']);
    expect(changed(before, before)).toEqual([]);
  });
});
