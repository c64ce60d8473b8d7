import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { TagMove } from '@/api/types';
import { renderPage } from '@/testing/render';
import { HistoryView } from './HistoryView';

const [one, two, three] = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string, string];
const past = (digest: string, state: 'alive' | 'bin' | 'purged') => ({ artifact_id: 1, digest, state, ...(state === 'bin' ? { restorable_until: '2999-01-01T00:00:00.000Z' } : {}) });
const moves: TagMove[] = [
  { id: 4, tag: 'v1', cause: 'push', operator: 'mei.lin', op_time: '2026-11-04T00:00:00.000Z', from: past(two, 'alive'), to: past(three, 'alive') },
  { id: 3, tag: 'v1', cause: 'push', operator: 'mei.lin', op_time: '2026-11-03T00:00:00.000Z', from: past(one, 'bin'), to: past(two, 'alive') },
  { id: 2, tag: 'v1', cause: 'push', operator: 'amara', op_time: '2026-11-02T00:00:00.000Z', to: past(one, 'bin') },
  { id: 1, tag: 'v1', cause: 'something-new', operator: 'amara', op_time: '2026-11-01T00:00:00.000Z', to: past('sha256:' + '0'.repeat(64), 'purged') },
];
const answer = (items: TagMove[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: () => undefined });
const common = { place: { project: 'library', repository: 'app' }, tag: 'v1', search: {}, onSearch: () => undefined, owner: 'admin', onCompare: () => undefined };
const menus = () => screen.queryAllByRole('button', { name: /^Actions for/ });

describe('HistoryView', () => {
  test('offers to restore what is alive and not where the tag is now', async () => {
    const onRestore = vi.fn();
    await renderPage(<HistoryView {...common} moves={answer(moves)} onRestore={onRestore} fromBin={false} />);
    // The newest can only be compared, the second be restored; what is in the bin or gone offers nothing.
    expect(menus()).toHaveLength(2);
    fireEvent.click(menus()[1] as HTMLElement);
    fireEvent.click(screen.getByRole('menuitem', { name: `Restore the tag to ${two.slice(7, 19)}` }));
    expect(onRestore).toHaveBeenCalledWith(moves[1]);
  });

  test('whoever may use the recycle bin can restore from it, too', async () => {
    await renderPage(<HistoryView {...common} moves={answer(moves)} onRestore={() => undefined} fromBin />);
    expect(menus()).toHaveLength(3);
    expect(screen.getAllByText('in the recycle bin').length).toBeGreaterThan(0);
    expect(screen.getByText('deleted for ever')).toBeDefined();
    expect(screen.getByText('something-new')).toBeDefined();
  });

  test('whoever may only look compares', async () => {
    const onCompare = vi.fn();
    await renderPage(<HistoryView {...common} moves={answer(moves)} onRestore={undefined} fromBin={false} onCompare={onCompare} />);
    expect(menus()).toHaveLength(1);
    fireEvent.click(menus()[0] as HTMLElement);
    fireEvent.click(screen.getByRole('menuitem', { name: 'Compare the two' }));
    expect(onCompare).toHaveBeenCalledWith(two, three);
  });

  test('empty, and filtered to nothing, it says so', async () => {
    await renderPage(<HistoryView {...common} moves={answer([])} onRestore={undefined} fromBin={false} />);
    expect(screen.getByText('Nothing has happened yet')).toBeDefined();
  });
});
