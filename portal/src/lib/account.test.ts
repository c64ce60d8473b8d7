import { describe, expect, test } from 'vitest';
import { emptyAccount, isComplete, isEmail, isRealname, isUserName, trimmed } from './account';

describe('an account', () => {
  test.each([
    ['mei.lin', true],
    ['Ünal Öz', true],
    ['陈伟', true],
    ['robot$ci', false],
    ['a,b', false],
    ['a"b', false],
    ['a\u0000b', false],
    ['   ', false],
    ['', false],
  ])('may be called %j: %s', (name, expected) => {
    expect(isUserName(name)).toBe(expected);
  });

  test.each([
    ['a@b', true],
    ['mei@example.com', true],
    ['mei', false],
    ['a b@c', false],
    ['', false],
  ])('may have the address %j: %s', (email, expected) => {
    expect(isEmail(email)).toBe(expected);
  });

  test.each([
    ['Dr. "Mei" O’Lin', true],
    ['100%', false],
    [' ', false],
  ])('may belong to %j: %s', (name, expected) => {
    expect(isRealname(name)).toBe(expected);
  });

  test('is complete with all four, and sent without what slipped in at the ends', () => {
    const draft = { username: ' mei ', email: ' mei@example.com', realname: 'Mei Lin ', password: ' Anchor-2026 ' };
    expect(isComplete(draft)).toBe(true);
    expect(trimmed(draft)).toEqual({ username: 'mei', email: 'mei@example.com', realname: 'Mei Lin', password: ' Anchor-2026 ' });
    expect(isComplete(emptyAccount)).toBe(false);
    expect(isComplete({ ...draft, password: 'weak' })).toBe(false);
  });
});
