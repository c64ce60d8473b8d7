import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { SignInView } from './SignInView';

async function attempt(onSignIn: (name: string, password: string) => Promise<void>) {
  await renderPage(<SignInView onSignIn={onSignIn} returning={false} />);
  fireEvent.change(screen.getByLabelText('User name'), { target: { value: ' admin ' } });
  fireEvent.change(screen.getByLabelText('Password', { selector: 'input' }), { target: { value: ' secret ' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

const refusal = (status: number, message = '') => Promise.reject(new ApiError({ status, code: 'X', message }));

describe('SignInView', () => {
  test('hands over the name without spaces around it and the password as it is', async () => {
    const onSignIn = vi.fn(() => Promise.resolve());
    await attempt(onSignIn);
    expect(onSignIn).toHaveBeenCalledWith('admin', ' secret ');
  });

  test('a refusal without words is explained, and the password is typed anew', async () => {
    await attempt(() => refusal(401));
    expect((await screen.findByRole('alert')).textContent).toContain('User name or password is wrong');
    expect((screen.getByLabelText('Password', { selector: 'input' }) as HTMLInputElement).value).toBe('');
  });

  test('the words of the server are shown, such as until when an account is locked', async () => {
    await attempt(() => refusal(401, 'the account is locked until 12:30'));
    expect((await screen.findByRole('alert')).textContent).toContain('locked until 12:30');
  });

  test('whose session ended is told so, above everything the server has to say', async () => {
    await renderPage(<SignInView onSignIn={() => Promise.resolve()} returning ended banner={{ message: 'Upgrade at noon', tone: 'info', closable: true }} />);
    expect(screen.getByText(/Your session has ended/)).toBeDefined();
    expect(screen.getByText('Upgrade at noon')).toBeDefined();
  });

  test('a silent server is named as the cause', async () => {
    await attempt(() => refusal(0));
    expect((await screen.findByRole('alert')).textContent).toContain('Check the connection');
  });
});
