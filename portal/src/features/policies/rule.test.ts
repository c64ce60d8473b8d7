import { describe, expect, test } from 'vitest';
import type { ImmutableRule } from '@/api/types';
import { faultOf } from '@/lib/doublestar';
import { bodyOf, draftOf, examples, takes } from './rule';

describe('a rule', () => {
  test.each(examples)('of the example $name is written for the server and read back the same', ({ draft }) => {
    expect(draftOf({ id: 1, update_time: '', ...bodyOf(draft) })).toEqual(draft);
    expect(faultOf(draft.tags.pattern)).toBeUndefined();
    expect(faultOf(draft.repositories.pattern)).toBeUndefined();
  });

  test('with several selectors is not for the form, which would lose some', () => {
    const [selector] = bodyOf(examples[0].draft).tag_selectors;
    const rule: ImmutableRule = { id: 1, update_time: '', ...bodyOf(examples[0].draft) };
    expect(draftOf({ ...rule, tag_selectors: selector ? [selector, selector] : [] })).toBeUndefined();
    expect(draftOf({ ...rule, scope_selectors: {} })).toBeUndefined();
  });

  test.each([
    [{ except: false, pattern: 'v*' }, 'v1', true],
    [{ except: false, pattern: 'v*' }, 'latest', false],
    [{ except: true, pattern: '{latest,edge}' }, 'edge', false],
    [{ except: true, pattern: '{latest,edge}' }, 'v1', true],
  ])('%o takes %s: %s', (half, name, expected) => {
    expect(takes(half, name)).toBe(expected);
  });

  test.each([
    ['v1.2.3', true],
    ['1.2.3', true],
    ['v1.2.3-rc.1', true],
    ['latest', false],
    ['v1', false],
  ])('the example for versions takes %s: %s', (tag, expected) => {
    expect(takes(examples[1].draft.tags, tag)).toBe(expected);
  });
});
