import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { SettingsForm } from './SettingsForm';

const settings = {
  self_registration: { value: false, editable: true },
  session_timeout: { value: 60, editable: false },
  read_only: { value: false, editable: true },
  token_expiration: { value: 30, editable: true },
  auth_mode: { value: 'db_auth', editable: false },
};
const bar = () => within(screen.getByRole('region', { name: 'Changes not saved yet' }));
const nothing = () => undefined;

describe('SettingsForm', () => {
  test('shows what the server has and portal knows, and nothing else', async () => {
    await renderPage(<SettingsForm settings={settings} onSave={() => Promise.resolve()} onReload={nothing} />);
    expect(screen.getAllByRole('switch')).toHaveLength(2);
    expect(screen.queryByText('Robots')).toBeNull();
    expect(screen.getByLabelText<HTMLInputElement>(/Sign-in lasts/).disabled).toBe(true);
    expect(screen.getByText(/Given by the server’s configuration/)).toBeDefined();
  });

  test('sends only what differs, after it was shown', async () => {
    const onSave = vi.fn(() => Promise.resolve());
    await renderPage(<SettingsForm settings={settings} onSave={onSave} onReload={nothing} />);
    expect(screen.queryByRole('region', { name: 'Changes not saved yet' })).toBeNull();
    fireEvent.click(screen.getByRole('switch', { name: /Read-only/ }));
    expect(bar().getByText('1 change')).toBeDefined();
    expect(bar().getByText(/every push, deletion and change is refused/)).toBeDefined();
    fireEvent.click(bar().getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(onSave).toHaveBeenCalledExactlyOnceWith({ read_only: true }));
  });

  test('takes back what was changed', async () => {
    await renderPage(<SettingsForm settings={settings} onSave={() => Promise.resolve()} onReload={nothing} />);
    fireEvent.click(screen.getByRole('switch', { name: /Read-only/ }));
    fireEvent.click(bar().getByRole('button', { name: 'Discard' }));
    expect(screen.getByRole<HTMLInputElement>('switch', { name: /Read-only/ }).checked).toBe(false);
  });

  test('whoever saves second is told, and can load the new state', async () => {
    const onReload = vi.fn();
    const stale = new ApiError({ status: 412, code: 'PRECONDITION', message: 'somebody has changed this', edited: true });
    await renderPage(<SettingsForm settings={settings} onSave={() => Promise.reject(stale)} onReload={onReload} />);
    fireEvent.click(screen.getByRole('switch', { name: /Read-only/ }));
    fireEvent.click(bar().getByRole('button', { name: 'Save' }));
    fireEvent.click(await bar().findByRole('button', { name: 'Load the new state' }));
    expect(onReload).toHaveBeenCalledOnce();
  });
});
