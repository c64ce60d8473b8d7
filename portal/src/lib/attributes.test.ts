import { expect, test } from 'vitest';
import { flatAttributes } from './attributes';

test('nested facts become lines', () => {
  expect(flatAttributes({ name: 'tide', config: { paramSize: '8b', empty: '', none: null }, keywords: ['a', 'b'], maintainers: [{ name: 'Mei' }], ok: true })).toEqual([
    { name: 'name', value: 'tide' },
    { name: 'config.paramSize', value: '8b' },
    { name: 'keywords', value: 'a, b' },
    { name: 'maintainers.0.name', value: 'Mei' },
    { name: 'ok', value: 'true' },
  ]);
  expect(flatAttributes(null)).toEqual([]);
});

test('whatever is in it, the page stays a page', () => {
  expect(flatAttributes(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])))).toHaveLength(60);
  expect(flatAttributes({ a: 'x'.repeat(1e6) })[0]?.value).toHaveLength(2000);
  const deep = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) as unknown;
  expect(flatAttributes(deep)).toHaveLength(1);
});
