import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { RetentionPolicy, RetentionRule, RetentionRun } from '@/api/types';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { everything } from './rule';
import { retentionExamples, retentionRuleOf } from './retention';
import { RetentionRuns } from './RetentionRuns';
import { chosenCron } from './RetentionSchedule';
import { RetentionView } from './RetentionView';

const nothing = () => undefined;
const common = {
  owner: 'admin', mayCreate: true, mayChange: true, mayDelete: true, isStarting: false,
  onCreate: nothing, onEdit: nothing, onDelete: nothing, onDisable: nothing, onRun: nothing, onDryRun: nothing,
};
const policy = (rules: RetentionRule[]): RetentionPolicy => ({
  id: 7, algorithm: 'or', rules, scope: { level: 'project', ref: 1 }, trigger: { kind: 'Schedule', settings: { cron: '' } }, update_time: '',
});
const answer = (rules: RetentionRule[]) => ({ data: policy(rules), error: null, refetch: nothing });
const words = () => within(screen.getByRole('list', { name: 'Retention rules' })).getAllByRole('listitem').map((item) => item.textContent.replace(/^\d+/, '').trim());
const draft = retentionExamples[0].draft;

describe('RetentionView', () => {
  test('each rule is a sentence', async () => {
    const rules = [
      retentionRuleOf(draft),
      retentionRuleOf({ ...draft, number: 1, untagged: true }),
      retentionRuleOf({ ...draft, template: 'nDaysSinceLastPull', number: 30, tags: { except: false, pattern: 'dev-*' }, repositories: { except: false, pattern: 'team/**' } }),
      retentionRuleOf({ ...draft, template: 'always', tags: { except: true, pattern: 'dev-*' }, repositories: { except: true, pattern: 'lab/*' }, untagged: true }),
      { ...retentionRuleOf(draft), template: 'oldest' },
    ];
    await renderPage(<RetentionView {...common} policy={answer(rules)} />);
    expect(words()).toEqual([
      'Keep the 10 most recently pushed artifacts of each repository with any tag.',
      'Keep the most recently pushed artifact of each repository with or without a tag.',
      'Keep artifacts of each repository matching team/** with a tag matching dev-* that were pulled within the last 30 days.',
      'Keep all artifacts of each repository not matching lab/* with a tag not matching dev-* or without a tag.',
      'A rule of the kind oldest, which this portal does not know.',
    ]);
  });

  test('the switch asks for the opposite, and a rule that is off says so', async () => {
    const onDisable = vi.fn();
    await renderPage(<RetentionView {...common} onDisable={onDisable} policy={answer([retentionRuleOf(draft), retentionRuleOf(draft, true)])} />);
    expect(screen.getByText('Off')).toBeDefined();
    fireEvent.click(screen.getByRole('switch', { name: 'Rule 2 is on' }));
    expect(onDisable).toHaveBeenCalledWith(1, false);
  });

  test('empty, it offers examples to begin with', async () => {
    const onCreate = vi.fn();
    await renderPage(<RetentionView {...common} onCreate={onCreate} policy={{ data: null, error: null, refetch: nothing }} />);
    fireEvent.click(screen.getByRole('button', { name: 'All releases' }));
    expect(onCreate).toHaveBeenCalledWith(retentionExamples[2].draft);
    expect(screen.queryByRole('button', { name: 'Run now' })).toBeNull();
  });

  test('whoever may only look sees no buttons', async () => {
    await renderPage(<RetentionView {...common} mayCreate={false} mayChange={false} policy={answer([retentionRuleOf({ ...draft, tags: everything })])} />);
    expect(screen.queryByRole('switch')).toBeNull();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('a refusal says who could help', async () => {
    const error = new ApiError({ status: 403, code: 'FORBIDDEN', message: '' });
    await renderPage(<RetentionView {...common} policy={{ data: undefined, error, refetch: nothing }} />);
    expect(screen.getByRole('alert').textContent).toContain('Maintainer');
  });

  test('fifteen rules are as many as there can be', async () => {
    await renderPage(<RetentionView {...common} policy={answer(Array.from({ length: 15 }, (_, number) => retentionRuleOf({ ...draft, number })))} />);
    expect(screen.getByRole('button', { name: 'New retention rule' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('RetentionRuns', () => {
  const run = (id: number, change: Partial<RetentionRun> = {}): RetentionRun => ({
    id, policy_id: 7, dry_run: false, status: 'Success', trigger: 'MANUAL', start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T00:00:01Z', ...change,
  });
  const runs = (items: RetentionRun[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: nothing });
  const props = { page: 1, owner: 'admin', mayStop: true, onPage: nothing, onOpen: nothing, onStop: nothing };

  test('only what runs can be stopped, and a dry run says that it is one', async () => {
    const onStop = vi.fn();
    await renderPage(<RetentionRuns {...props} onStop={onStop} runs={runs([run(2, { status: 'Running', dry_run: true, end_time: '0001-01-01T00:00:00Z' }), run(1)])} />);
    expect(screen.getByText('Dry run')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(onStop).toHaveBeenCalledOnce();
  });

  test('without a run it says what a dry run is', async () => {
    await renderPage(<RetentionRuns {...props} runs={runs([])} />);
    expect(screen.getByText('It has not run yet')).toBeDefined();
  });
});

test.each([
  ['', { type: 'None', cron: '' }],
  ['0 0 0 * * *', { type: 'Daily', cron: '0 0 0 * * *' }],
  ['0 30 2 * * 1-5', { type: 'Custom', cron: '0 30 2 * * 1-5' }],
])('the cron %s is chosen as %o', (cron, expected) => {
  expect(chosenCron(cron)).toEqual(expected);
});
