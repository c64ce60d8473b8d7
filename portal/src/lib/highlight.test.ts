import { describe, expect, test } from 'vitest';
import { highlight, mostColoured, type Piece } from './highlight';

const joined = (lines: Piece[][]) => lines.map((line) => line.map(([text]) => text).join('')).join('\n');
const toned = (text: string, language: 'json' | 'yaml') => highlight(text, language).flat().filter(([, tone]) => tone).map(([piece, tone]) => `${tone}:${piece.trim()}`);

describe('JSON', () => {
  test('keys, strings, numbers and words are told apart', () => {
    expect(toned('{"a": "b: 1", "n": -1.5e3, "t": true, "x": null}', 'json')).toEqual([
      'key:"a"', 'string:"b: 1"', 'key:"n"', 'number:-1.5e3', 'key:"t"', 'word:true', 'key:"x"', 'word:null',
    ]);
  });
  test('a quote inside a string does not end it', () => {
    expect(toned(String.raw`["say \"hi\" \\", 1]`, 'json')).toEqual([String.raw`string:"say \"hi\" \\"`, 'number:1']);
  });
});

describe('YAML', () => {
  test.each([
    ['replicas: 2', ['key:replicas', 'number:2']],
    ['  tag: "v1"   # kept', ['key:tag', 'string:"v1"', 'comment:# kept']],
    ['- name: web', ['key:name']],
    ['- - on', []],
    ['url: http://example.com/#top', ['key:url']],
    ['# all of it: a comment', ['comment:# all of it: a comment']],
    ['on: true', ['key:on', 'word:true']],
    ['"quoted key": ~', ['key:"quoted key"', 'word:~']],
    ["it: 'a # b'", ['key:it', "string:'a # b'"]],
  ])('%s', (line, tones) => {
    expect(toned(line, 'yaml')).toEqual(tones);
  });
  test('a block of text is text to its end', () => {
    expect(toned('motd: |\n  a: b\n  # no comment\n\nnext: 1', 'yaml')).toEqual(['key:motd', 'string:a: b', 'string:# no comment', 'string:', 'key:next', 'number:1']);
  });
});

test.each(['', '\n\n', '{"a"', '"', 'a: b: c', "'", '🚢: ⚓', '\t- x: |', 'x'.repeat(5)])('nothing is lost or added: %j', (text) => {
  expect(joined(highlight(text, 'json'))).toBe(text);
  expect(joined(highlight(text, 'yaml'))).toBe(text);
});

test('what is too long stays plain, and quickly so', () => {
  expect(highlight(`${'"a": 1,\n'.repeat(mostColoured / 6)}`, 'json').flat().every(([, tone]) => tone === undefined)).toBe(true);
});
