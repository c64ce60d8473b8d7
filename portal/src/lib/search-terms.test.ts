import { describe, expect, test } from 'vitest';
import { markedParts, wordsOf } from './search-terms';

const shown = (name: string, q: string) => markedParts(name, wordsOf(q)).map(({ text, marked }) => (marked ? `[${text}]` : text)).join('');

describe('wordsOf', () => {
  test.each([
    ['team app', ['team', 'app']],
    ['project:web API', ['web', 'api']],
    ['tag:v1 repo:team/app', ['v1', 'team/app']],
    ['sha256:0123456789ab', ['0123456789ab']],
    ['  ', []],
    ['app app', ['app']],
  ])('%s', (q, words) => expect(wordsOf(q)).toEqual(words));
});

describe('markedParts', () => {
  test.each([
    ['a word in the middle', 'library/team/app', 'team', 'library/[team]/app'],
    ['letters of another case', 'Team', 'team', '[Team]'],
    ['every place of a word', 'app/app', 'app', '[app]/[app]'],
    ['words that overlap', 'abcde', 'abc cde', '[abcde]'],
    ['nothing found', 'nginx', 'alpine', 'nginx'],
  ])('%s', (_name, name, q, want) => expect(shown(name, q)).toBe(want));
});
