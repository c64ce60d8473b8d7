import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { ImmutableRule } from '@/api/types';
import { renderPage } from '@/testing/render';
import { bodyOf, everything, examples } from './rule';
import { RulesView } from './RulesView';

const nothing = () => undefined;
const common = { owner: 'admin', mayCreate: true, mayChange: true, mayDelete: true, onCreate: nothing, onAction: nothing, onDisable: nothing };
const answer = (items: ImmutableRule[]) => ({ data: { items, total: items.length }, error: null, refetch: nothing });
const rule = (id: number, change: Partial<ImmutableRule> = {}): ImmutableRule => ({ id, update_time: '', ...bodyOf(examples[0].draft), ...change });
const words = () => screen.getAllByRole('listitem').map((item) => item.textContent.trim());

describe('RulesView', () => {
  test('each rule is a sentence', async () => {
    const rules = [
      rule(1),
      { ...rule(2), ...bodyOf({ tags: { except: true, pattern: 'latest' }, repositories: { except: false, pattern: 'prod/**' } }) },
      { ...rule(3), ...bodyOf({ tags: everything, repositories: { except: true, pattern: 'lab/*' } }) },
    ];
    await renderPage(<RulesView {...common} rules={answer(rules)} />);
    expect(words()).toEqual([
      'Tags matching v* in all repositories can neither be moved nor deleted.',
      'All tags but those matching latest in repositories matching prod/** can neither be moved nor deleted.',
      'All tags in all repositories but those matching lab/* can neither be moved nor deleted.',
    ]);
  });

  test('the switch asks for the opposite, and a rule that is off says so', async () => {
    const onDisable = vi.fn();
    const off = rule(1, { disabled: true });
    await renderPage(<RulesView {...common} onDisable={onDisable} rules={answer([off])} />);
    expect(screen.getByText('Off')).toBeDefined();
    fireEvent.click(screen.getByRole('switch', { name: 'Rule 1 is on' }));
    expect(onDisable).toHaveBeenCalledWith(off, false);
  });

  test('empty, it offers examples to begin with', async () => {
    const onCreate = vi.fn();
    await renderPage(<RulesView {...common} onCreate={onCreate} rules={answer([])} />);
    fireEvent.click(screen.getByRole('button', { name: 'Production repositories' }));
    expect(onCreate).toHaveBeenCalledWith(examples[3].draft);
  });

  test('whoever may only look sees no buttons', async () => {
    await renderPage(<RulesView {...common} mayCreate={false} mayChange={false} mayDelete={false} rules={answer([rule(1)])} />);
    expect(screen.queryByRole('switch')).toBeNull();
    expect(screen.queryByRole('button')).toBeNull();
  });
});
