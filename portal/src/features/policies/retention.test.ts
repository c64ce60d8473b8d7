import { describe, expect, test } from 'vitest';
import type { RetentionRule } from '@/api/types';
import { everything } from './rule';
import { isGoodRetention, policyIdOf, retentionDraftOf, retentionExamples, retentionRuleOf, takesUntagged, templates, wordsOf } from './retention';

const [first] = retentionExamples;

describe('a retention rule', () => {
  test.each(retentionExamples)('of the example $name is written for the server and read back the same', ({ draft }) => {
    expect(retentionDraftOf(retentionRuleOf(draft))).toEqual(draft);
    expect(isGoodRetention(draft)).toBe(true);
  });

  test.each(templates)('of the template %s is read back the same', (template) => {
    const draft = { template, number: template === 'always' || template === 'nothing' ? 0 : 7, tags: { except: true, pattern: 'dev-*' }, repositories: everything, untagged: true };
    expect(retentionDraftOf(retentionRuleOf(draft))).toEqual(draft);
  });

  test('with several selectors, or of a kind that is not known, is not for the form', () => {
    const rule = retentionRuleOf(first.draft);
    const [selector] = rule.tag_selectors ?? [];
    expect(retentionDraftOf({ ...rule, tag_selectors: selector ? [selector, selector] : [] })).toBeUndefined();
    expect(retentionDraftOf({ ...rule, scope_selectors: {} })).toBeUndefined();
    expect(retentionDraftOf({ ...rule, template: 'oldest' })).toBeUndefined();
    expect(wordsOf({ ...rule, template: 'oldest' } satisfies RetentionRule).number).toBe(0);
  });

  test.each([
    ['matches', undefined, true],
    ['matches', '{"untagged":false}', false],
    ['matches', '{}', false],
    ['matches', 'no JSON', true],
    ['excludes', undefined, true],
    ['excludes', '{"untagged":true}', false],
    ['excludes', '{"untagged":false}', true],
  ])('that %s with extras %s takes what has no tag: %s', (decoration, extras, expected) => {
    expect(takesUntagged({ kind: 'doublestar', decoration, pattern: '**', ...(extras === undefined ? {} : { extras }) })).toBe(expected);
  });

  test.each([
    [{ number: -1 }, false],
    [{ number: 1.5 }, false],
    [{ number: 32_767 }, false],
    [{ number: Number.NaN }, false],
    [{ number: 0 }, true],
    [{ tags: { except: false, pattern: '{a' } }, false],
    [{ repositories: { except: false, pattern: '' } }, false],
    [{ template: 'always', number: Number.NaN }, true],
  ] as const)('%o can be saved: %s', (part, expected) => {
    expect(isGoodRetention({ ...first.draft, ...part })).toBe(expected);
  });

  test.each([
    [{ retention_id: '7' }, 7],
    [{ retention_id: 'x' }, undefined],
    [{}, undefined],
    [undefined, undefined],
  ])('the policy of %o is %s', (metadata, expected) => {
    expect(policyIdOf(metadata as Record<string, string> | undefined)).toBe(expected);
  });
});
