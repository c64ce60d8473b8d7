import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { AuditView } from './AuditView';

const entries = [
  { id: 8, op_time: '2026-11-21T08:00:00Z', operation: 'delete', resource_type: 'tag', resource: 'web/app:v1', username: 'mei.lin', operation_result: false, operation_description: 'delete tag' },
  { id: 7, op_time: '2026-11-21T07:00:00Z', operation: 'reticulate', resource_type: 'spline', resource: 's', username: '', operation_result: true },
];
const answer = { data: { items: entries, total: 2 }, error: null, isPlaceholderData: false, refetch: () => undefined };

describe('AuditView', () => {
  test('says in words who did what, and shows what it has no words for as the server calls it', async () => {
    await renderPage(<AuditView search={{}} onSearch={() => undefined} entries={answer} />);
    const [, first, second] = screen.getAllByRole('row');
    expect(first?.textContent).toContain('Delete · tag');
    expect(first?.textContent).toContain('Refused');
    expect(second?.textContent).toContain('reticulate · spline');
    expect(second?.textContent).toContain('anonymous');
  });

  test('an entry opens by its address, and leads to all of the same thing', async () => {
    const onSearch = vi.fn();
    await renderPage(<AuditView search={{ entry: '8' }} onSearch={onSearch} entries={answer} />);
    const dialog = within(await screen.findByRole('dialog', { name: 'Audit entry' }));
    expect(dialog.getByText('delete tag')).toBeDefined();
    fireEvent.click(dialog.getByRole('button', { name: 'Only this thing' }));
    expect(onSearch).toHaveBeenCalledWith(expect.objectContaining({ q: 'web/app:v1', entry: undefined, who: undefined }));
  });

  test('the export respects the filters', async () => {
    await renderPage(<AuditView project="web" search={{ result: 'refused' }} onSearch={() => undefined} entries={answer} />);
    fireEvent.click(screen.getByRole('button', { name: 'Export' }));
    expect(screen.getByRole('menuitem', { name: /JSON lines/ }).getAttribute('href')).toBe('/api/v2.0/projects/web/auditlog-exts/export?format=jsonl&q=operation_result%3Dfalse');
  });
});
