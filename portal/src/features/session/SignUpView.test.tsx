import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { SignUpView } from './SignUpView';

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label, { selector: 'input', exact: false }), { target: { value } });

function fill() {
  type('User name', ' mei ');
  type('E-mail', 'mei@example.com');
  type('Full name', 'Mei Lin');
  type('Password', 'Anchor-2026');
}
const button = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Create account' });

describe('SignUpView', () => {
  test('asks for everything before it can be sent', async () => {
    await renderPage(<SignUpView open onSignUp={() => Promise.resolve()} />);
    expect(button().disabled).toBe(true);
    fill();
    expect(button().disabled).toBe(false);
    type('User name', 'robot$x');
    expect(button().disabled).toBe(true);
  });

  test('hands over the account once, without spaces at the ends of the name', async () => {
    const onSignUp = vi.fn(() => new Promise<void>(() => undefined));
    await renderPage(<SignUpView open onSignUp={onSignUp} />);
    fill();
    fireEvent.click(button());
    fireEvent.click(button());
    expect(onSignUp).toHaveBeenCalledExactlyOnceWith({ username: 'mei', email: 'mei@example.com', realname: 'Mei Lin', password: 'Anchor-2026' });
  });

  test('shows the words of a refusal and keeps what was typed', async () => {
    await renderPage(<SignUpView open onSignUp={() => Promise.reject(new ApiError({ status: 409, code: 'CONFLICT', message: 'user mei already exists' }))} />);
    fill();
    fireEvent.click(button());
    expect((await screen.findByRole('alert')).textContent).toContain('user mei already exists');
    expect(screen.getByLabelText<HTMLInputElement>('User name', { exact: false }).value).toBe(' mei ');
  });

  test('says so where administrators make the accounts', async () => {
    await renderPage(<SignUpView open={false} onSignUp={() => Promise.resolve()} />);
    expect(screen.queryByRole('button', { name: 'Create account' })).toBeNull();
    expect(screen.getByText(/Ask an administrator/)).toBeDefined();
  });
});
