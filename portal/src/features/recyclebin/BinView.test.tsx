import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { useSelection } from '@/ui/useSelection';
import { byProject, proposedNames, type BinRow } from './api';
import { BinView } from './BinView';

const row: BinRow = {
  kind: 'artifact', id: 7, project: 'library', repository: 'team/app', nameTaken: false, digest: `sha256:${'1'.repeat(64)}`, tags: ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'], artifacts: 1,
  operator: 'mei.lin', deleted: '2026-11-01T00:00:00.000Z', until: '2999-01-01T00:00:00.000Z', kept: 1024,
};
const answer = (items: BinRow[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: () => undefined });

interface Given {
  items: BinRow[];
  days?: number;
  onRestore?: (rows: readonly BinRow[]) => void;
  onPurge?: (rows: readonly BinRow[]) => void;
}

function Page({ items, days, onRestore, onPurge }: Given) {
  const selection = useSelection<BinRow>((each) => each.id);
  return (
    <BinView project="library" search={{}} onSearch={() => undefined} rows={answer(items)} selection={selection} days={days} onRestore={onRestore} onPurge={onPurge} onEmpty={undefined} />
  );
}

describe('BinView', () => {
  test('a row is restored from its menu; without the permission there is no way to delete for ever', async () => {
    const onRestore = vi.fn();
    await renderPage(<Page items={[row]} onRestore={onRestore} />);
    expect(screen.getByText(/and 2 more/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Actions for team/app:v1' }));
    expect(screen.queryByRole('menuitem', { name: 'Delete for ever' })).toBeNull();
    fireEvent.click(screen.getByRole('menuitem', { name: 'Restore' }));
    expect(onRestore).toHaveBeenCalledWith([row]);
  });

  test('several are restored together', async () => {
    const onRestore = vi.fn();
    await renderPage(<Page items={[row, { ...row, id: 8, tags: [] }]} onRestore={onRestore} onPurge={() => undefined} />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select this page' }));
    fireEvent.click(screen.getByRole('button', { name: 'Restore' }));
    expect(onRestore.mock.calls[0]?.[0]).toHaveLength(2);
  });

  test('empty, it says for how long things are kept, or that nothing is', async () => {
    await renderPage(<Page items={[]} days={14} />);
    expect(screen.getByText(/for 14 days/)).toBeDefined();
  });

  test('where nothing is kept, it says that', async () => {
    await renderPage(<Page items={[]} days={0} />);
    expect(screen.getByText(/keeps nothing/)).toBeDefined();
  });
});

test('a repository whose name is used again says so', async () => {
  await renderPage(<Page items={[{ ...row, kind: 'repository', nameTaken: true }]} />);
  expect(screen.getByText(/name used again/)).toBeDefined();
});

test('only what cannot come back under its own name is proposed another', () => {
  const repository = (id: number, name: string, nameTaken = false, project = 'library'): BinRow => ({ ...row, kind: 'repository', id, repository: name, nameTaken, project });
  expect(proposedNames([row, repository(1, 'app'), repository(2, 'web')])).toEqual({});
  expect(proposedNames([repository(1, 'team/app', true), repository(2, 'web')])).toEqual({ 1: 'team/app-restored' });
  // Three of one name, which is used in one project and not in the other.
  const same = [repository(1, 'app', true), repository(2, 'app', true), repository(3, 'app', false, 'other'), repository(4, 'app', false, 'other')];
  expect(proposedNames(same)).toEqual({ 1: 'app-restored', 2: 'app-restored-2', 4: 'app-restored' });
  expect(byProject(same, proposedNames(same))).toEqual([
    ['library', { repositories: [1, 2], artifacts: [], names: { 1: 'app-restored', 2: 'app-restored-2' } }],
    ['other', { repositories: [3, 4], artifacts: [], names: { 4: 'app-restored' } }],
  ]);
});

test('each project gets one request with its own ids', () => {
  const rows = [row, { ...row, id: 9, project: 'other', kind: 'repository' as const }, { ...row, id: 8 }];
  expect(byProject(rows)).toEqual([
    ['library', { repositories: [], artifacts: [7, 8] }],
    ['other', { repositories: [9], artifacts: [] }],
  ]);
});
