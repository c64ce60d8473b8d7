import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Label } from '@/api/types';
import { renderPage } from '@/testing/render';
import { LabelForm } from './LabelForm';
import { LabelsView } from './LabelsView';

const label: Label = { id: 4, name: 'ready', color: '#2f9150', description: 'Passed every test', scope: 'g', creation_time: '2026-11-01T00:00:00.000Z', update_time: '2026-11-01T00:00:00.000Z' };
const answer = (items: Label[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: () => undefined });
const nothing = () => undefined;
const common = { search: {}, onSearch: nothing, onCreate: nothing, onAction: nothing };

describe('LabelsView', () => {
  test('whoever may only look sees labels and no buttons', async () => {
    await renderPage(<LabelsView {...common} labels={answer([label])} mayCreate={false} mayChange={false} mayDelete={false} />);
    expect(screen.getByText('ready')).toBeDefined();
    expect(screen.queryByRole('button', { name: /New label|Actions/ })).toBeNull();
  });

  test('empty, it says what labels are for, or who may make one', async () => {
    await renderPage(<LabelsView {...common} labels={answer([])} mayCreate={false} mayChange={false} mayDelete={false} />);
    expect(screen.getByText(/needs the role maintainer/)).toBeDefined();
  });
});

describe('LabelForm', () => {
  test('sends name, colour and description without spaces at the ends', async () => {
    const onSubmit = vi.fn(() => Promise.resolve());
    await renderPage(<LabelForm onSubmit={onSubmit} onReload={nothing} onClose={nothing} />);
    fireEvent.change(await screen.findByLabelText(/^Label/), { target: { value: ' on hold ' } });
    fireEvent.click(screen.getByRole('radio', { name: 'Red' }));
    fireEvent.click(screen.getByRole('button', { name: 'Create' }));
    await waitFor(() => expect(onSubmit).toHaveBeenCalledWith({ name: 'on hold', description: '', color: '#d64545' }));
  });

  test('a colour that is none cannot be sent, one that is hardly seen is warned of', async () => {
    await renderPage(<LabelForm label={label} onSubmit={() => Promise.resolve()} onReload={nothing} onClose={nothing} />);
    const number = await screen.findByLabelText('Colour as a number');
    fireEvent.change(number, { target: { value: '#12' } });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
    fireEvent.change(number, { target: { value: '#ffff00' } });
    expect(screen.getByText(/hardly seen/)).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(false);
  });
});
