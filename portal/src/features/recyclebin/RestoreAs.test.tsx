import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import type { BinRow } from './api';
import { RestoreAs } from './RestoreAs';

const row: BinRow = {
  kind: 'repository', id: 7, project: 'library', repository: 'team/app', nameTaken: true, digest: '', tags: [], artifacts: 2, operator: 'mei.lin',
  deleted: '2026-11-01T00:00:00.000Z', until: '2999-01-01T00:00:00.000Z', kept: 1024,
};
const rows = [row, { ...row, id: 8, repository: 'web', nameTaken: false }];

describe('RestoreAs', () => {
  test('asks only for the name that is used again, and proposes one', async () => {
    const onRestore = vi.fn(() => Promise.resolve());
    await renderPage(<RestoreAs rows={rows} onRestore={onRestore} onClose={() => undefined} />);
    const field = await screen.findByLabelText<HTMLInputElement>('Restore library/team/app as');
    expect(field.value).toBe('team/app-restored');
    expect(screen.queryByLabelText('Restore library/web as')).toBeNull();
    fireEvent.change(field, { target: { value: 'team/old' } });
    fireEvent.click(screen.getByRole('button', { name: 'Restore' }));
    await waitFor(() => expect(onRestore).toHaveBeenCalledWith({ 7: 'team/old' }));
  });

  test('a name that is none, or that another one comes back under, is not sent', async () => {
    await renderPage(<RestoreAs rows={rows} onRestore={() => Promise.resolve()} onClose={() => undefined} />);
    const field = await screen.findByLabelText('Restore library/team/app as');
    for (const [name, says] of [
      ['Team', /Lower-case letters/],
      ['', /Lower-case letters/],
      ['web', /Another one is restored/],
    ] as const) {
      fireEvent.change(field, { target: { value: name } });
      expect(screen.getByText(says)).toBeDefined();
      expect(screen.getByRole('button', { name: 'Restore' })).toHaveProperty('disabled', true);
    }
  });
});
