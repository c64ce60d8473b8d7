import { expect, test } from 'vitest';
import { isWebAddress, linkedText } from './linked-text';

test('addresses become links and the sentence around them stays', () => {
  expect(linkedText('See https://example.com/a?b=1, or (http://x.example).')).toEqual([
    { text: 'See ' },
    { text: 'https://example.com/a?b=1', href: 'https://example.com/a?b=1' },
    { text: ', or (' },
    { text: 'http://x.example', href: 'http://x.example' },
    { text: ').' },
  ]);
  expect(linkedText('见 https://example.com。')).toEqual([{ text: '见 ' }, { text: 'https://example.com', href: 'https://example.com' }, { text: '。' }]);
});

test('markup and other schemes stay text', () => {
  expect(linkedText('<a href="javascript:alert(1)">x</a>')).toEqual([{ text: '<a href="javascript:alert(1)">x</a>' }]);
  expect(linkedText('')).toEqual([]);
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', '//example.com', '/projects', 'https://', 'java\nscript:1']) expect(isWebAddress(bad)).toBe(false);
  expect(isWebAddress('HTTPS://example.com')).toBe(true);
});
