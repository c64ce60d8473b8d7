import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { QuotasView } from './QuotasView';

const gibibyte = 1024 ** 3;
const rows = [
  { projectId: 1, name: 'library', used: 9 * gibibyte, limit: 10 * gibibyte },
  { projectId: 2, name: 'web', used: 5 * gibibyte, limit: -1 },
];
const quotas = { data: { items: rows, total: 2 }, error: null, isPlaceholderData: false, refetch: () => undefined };
const common = { search: {}, onSearch: () => undefined, onEdit: () => undefined, editor: () => false };

describe('QuotasView', () => {
  test('says how full each project is, and that some have no limit', async () => {
    await renderPage(<QuotasView {...common} quotas={quotas} />);
    expect(screen.getByText('90%')).toBeDefined();
    expect(screen.getByText('10 GiB')).toBeDefined();
    expect(screen.getByText('No limit')).toBeDefined();
  });

  test('the pencil edits its own row', async () => {
    const onEdit = vi.fn();
    await renderPage(<QuotasView {...common} quotas={quotas} onEdit={onEdit} />);
    fireEvent.click(screen.getByRole('button', { name: 'Change the limit of web' }));
    expect(onEdit).toHaveBeenCalledWith(rows[1]);
  });

  test('only the nearly full ones have no order by size', async () => {
    await renderPage(<QuotasView {...common} search={{ show: 'full' }} quotas={quotas} />);
    expect(screen.queryByRole('button', { name: 'Used' })).toBeNull();
  });

  test('no project nearly full is good news', async () => {
    await renderPage(<QuotasView {...common} search={{ show: 'full' }} quotas={{ ...quotas, data: { items: [], total: 0 } }} />);
    expect(screen.getByText('No project is nearly full')).toBeDefined();
  });
});
