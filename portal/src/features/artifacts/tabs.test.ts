import { expect, test } from 'vitest';
import { tabFrom, tabsOf } from './tabs';

const link = { absolute: false, href: '' };

test('an image has no pages for what is in charts', () => {
  expect(tabsOf({ addition_links: { build_history: link } })).toEqual(['overview', 'tags', 'referrers', 'manifest']);
  expect(tabsOf({})).toEqual(['overview', 'tags', 'referrers', 'manifest']);
});

test('a chart and a model have those that the server offers', () => {
  expect(tabsOf({ addition_links: { 'values.yaml': link, 'readme.md': link, dependencies: link } })).toEqual(['overview', 'readme', 'values', 'dependencies', 'tags', 'referrers', 'manifest']);
  expect(tabsOf({ addition_links: { license: link, files: link } })).toContain('license');
});

test('an address that asks for another tab shows the first', () => {
  expect(tabFrom('values', ['overview', 'values'])).toBe('values');
  expect(tabFrom('values', ['overview', 'tags'])).toBe('overview');
  expect(tabFrom(undefined, ['overview'])).toBe('overview');
});
