import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { SecretDialog } from './SecretDialog';

const credentials = { host: 'registry.example.com', name: 'robot$library+ci', secret: 'Abc123xyz', project: 'library' };
const done = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Done' });

describe('SecretDialog', () => {
  test('closes by its button alone, after the secret is stored', async () => {
    const onDone = vi.fn();
    await renderPage(<SecretDialog credentials={credentials} onDone={onDone} />);
    fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' });
    fireEvent.click(done());
    expect(onDone).not.toHaveBeenCalled();
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
    fireEvent.click(screen.getByRole('checkbox', { name: 'I have stored the secret' }));
    fireEvent.click(done());
    expect(onDone).toHaveBeenCalledOnce();
  });

  test('the browser asks before the page is left', async () => {
    await renderPage(<SecretDialog credentials={credentials} onDone={() => undefined} />);
    const leaving = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(leaving);
    expect(leaving.defaultPrevented).toBe(true);
  });

  test('has what each place needs, filled in', async () => {
    await renderPage(<SecretDialog credentials={credentials} onDone={() => undefined} />);
    expect(screen.getByRole('region', { name: 'Command line' }).textContent).toContain("login registry.example.com -u 'robot$library+ci' --password-stdin");
    fireEvent.click(screen.getByRole('tab', { name: 'Kubernetes' }));
    expect(screen.getByRole('region', { name: 'Kubernetes' }).textContent).toContain('kind: Secret');
  });
});
