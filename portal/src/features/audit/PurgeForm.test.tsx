import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { planOf } from './purgeApi';
import { PurgeForm } from './PurgeForm';

const types = ['create_artifact', 'pull_artifact', 'other'];
const now = new Date('2026-11-21T12:00:00Z');
const schedule = {
  id: 1, job_kind: '0 0 0 * * 0', job_status: 'Running', creation_time: '2026-11-21T00:00:00.000Z', update_time: '2026-11-21T00:00:00.000Z',
  job_parameters: '{"audit_retention_hour":48,"dry_run":false,"include_event_types":"pull_artifact"}', schedule: { type: 'Weekly', cron: '0 0 0 * * 0' },
};

describe('PurgeForm', () => {
  test('begins with what the server has, and saves what is changed', async () => {
    const onSave = vi.fn(() => Promise.resolve());
    await renderPage(<PurgeForm plan={planOf(schedule, types)} types={types} now={now} onSave={onSave} onCount={() => Promise.resolve()} onDelete={() => undefined} />);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Pull · artifact' }).checked).toBe(true);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Create · artifact' }).checked).toBe(false);
    expect(screen.getByText(/Every Sunday at 00:00 UTC/)).toBeDefined();
    expect(screen.getByText(/^2 days/)).toBeDefined();
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });
    expect(save.disabled).toBe(true);
    fireEvent.click(screen.getByRole('checkbox', { name: 'everything else' }));
    fireEvent.change(screen.getByLabelText('When'), { target: { value: 'None' } });
    fireEvent.click(save);
    expect(onSave).toHaveBeenCalledWith({ hours: 48, types: ['pull_artifact', 'other'], when: { type: 'None', cron: '' } });
  });

  test('what the server would refuse cannot be sent', async () => {
    await renderPage(<PurgeForm plan={planOf(null, types)} types={types} now={now} onSave={() => Promise.resolve()} onCount={() => Promise.resolve()} onDelete={() => undefined} />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'All kinds' }));
    expect(screen.getByText('At least one kind')).toBeDefined();
    for (const name of ['Save', 'Count only', 'Delete now']) expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(true);
    fireEvent.click(screen.getByRole('checkbox', { name: 'All kinds' }));
    fireEvent.change(screen.getByLabelText('Keep entries for'), { target: { value: '240001' } });
    expect(screen.getByText('A whole number from 0 to 240000')).toBeDefined();
  });

  test('counts and deletes what is chosen', async () => {
    const onCount = vi.fn(() => Promise.resolve());
    const onDelete = vi.fn();
    await renderPage(<PurgeForm plan={planOf(schedule, types)} types={types} now={now} onSave={() => Promise.resolve()} onCount={onCount} onDelete={onDelete} />);
    fireEvent.click(screen.getByRole('button', { name: 'Delete now' }));
    expect(onDelete).toHaveBeenCalledWith(expect.objectContaining({ hours: 48, types: ['pull_artifact'] }));
    fireEvent.click(screen.getByRole('button', { name: 'Count only' }));
    expect(onCount).toHaveBeenCalledWith(expect.objectContaining({ hours: 48 }));
  });
});
