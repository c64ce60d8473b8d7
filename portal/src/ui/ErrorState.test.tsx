import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { ErrorState } from './ErrorState';

const problem = (status: number, message = '') => new ApiError({ status, code: 'X', message, requestId: 'req-7' });

describe('ErrorState', () => {
  test('a failure shows the message and the request id, and can be tried again', async () => {
    const retry = vi.fn();
    await renderPage(<ErrorState error={problem(500, 'internal server error')} onRetry={retry} />);
    expect(screen.getByText('internal server error')).toBeDefined();
    expect(screen.getByText('req-7')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
  });

  test('a refusal says which role is needed and whom to ask, and offers no retry', async () => {
    await renderPage(<ErrorState error={problem(403)} onRetry={() => undefined} needs="Project admin" owner="mei.lin" />);
    expect(screen.getByText(/Needed: Project admin\./)).toBeDefined();
    expect(screen.getByText(/Ask mei\.lin/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  test('without a page that knows, the refusal itself says which role', async () => {
    await renderPage(<ErrorState error={problem(403, 'forbidden: label:create in project 3 needs the role projectAdmin or maintainer; ask …')} />);
    expect(screen.getByText(/Needed: Maintainer\./)).toBeDefined();
  });

  test('what does not exist leads back to the projects', async () => {
    await renderPage(<ErrorState error={problem(404)} />);
    expect(screen.getByRole('link', { name: 'Go to projects' }).getAttribute('href')).toBe('/projects');
  });

  test('a silent server is told apart from a failing one', async () => {
    await renderPage(<ErrorState error={new ApiError({ status: 0, code: 'OFFLINE', message: '' })} onRetry={() => undefined} />);
    expect(screen.getByText('The server does not answer')).toBeDefined();
  });
});
