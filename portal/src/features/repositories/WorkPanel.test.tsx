import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { someArtifact, someTag } from '@/testing/artifact';
import { WorkPanel } from './WorkPanel';

const refused = { item: someArtifact({ tags: [someTag('v1')] }), error: new ApiError({ status: 412, code: 'PRECONDITION', message: 'tag v1 is immutable' }) };

test('work that goes on says how far it is', async () => {
  await renderPage(<WorkPanel work={{ doing: 'delete', total: 40, done: 10, failures: [] }} onDismiss={() => undefined} />);
  expect(screen.getByText('Deleting: 10 of 40')).toBeDefined();
  expect(screen.getByText('25%')).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
});

test('what was refused is listed with the reason of the server', async () => {
  const onDismiss = vi.fn();
  await renderPage(<WorkPanel work={{ doing: 'delete', total: 2, done: 2, failures: [refused] }} onDismiss={onDismiss} />);
  expect(screen.getByText('Refused: 1 of 2')).toBeDefined();
  expect(screen.getByRole('listitem').textContent).toContain('v1 tag v1 is immutable');
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(onDismiss).toHaveBeenCalled();
});
