import { expect, test } from 'vitest';
import { safeNext } from './next';
import { allOf, exact, fuzzy, range } from './query';
import { parseSearch, readSearch, writeSearch } from './search';

test('after signing in only this portal is gone to', () => {
  expect(safeNext('/projects/library?page=2')).toBe('/projects/library?page=2');
  for (const bad of [undefined, 7, '', 'https://evil.example', '//evil.example', '/\\evil.example', '/sign-in?next=/', '/a\nb', 'javascript:alert(1)']) {
    expect(safeNext(bad)).toBe('/');
  }
});

test('q terms survive the second decoding', () => {
  expect(fuzzy('name', 'a+b%c,d')).toBe('name=~a%2Bb%25cd');
  expect(exact('operation', 'delete')).toBe('operation=delete');
  expect(allOf(undefined, exact('a', '1'), range('t', 'x', 'y'))).toBe('a=1,t=[x~y]');
  expect(allOf(undefined)).toBeUndefined();
});

test('an address is read back as it was written, and nothing unknown is taken from it', () => {
  const search = { page: 3, q: '1.0', show: 'untagged' };
  expect(readSearch(parseSearch(writeSearch(search)))).toEqual(search);
  expect(readSearch(parseSearch('?page=-1&q=&evil=1&sort=name'))).toEqual({ sort: 'name' });
  expect(readSearch(parseSearch('?page=1e9999'))).toEqual({});
  expect(readSearch({ q: 'x'.repeat(2000) })).toEqual({});
  expect(writeSearch({ page: undefined })).toBe('');
});
