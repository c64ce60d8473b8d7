import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '@/testing/render';
import { CodeView } from './CodeView';

test('the text is there as it was, its lines numbered beside it and not in it', async () => {
  await renderPage(<CodeView text={'{\n  "a": 1\n}\n'} language="json" label="Manifest" />);
  const view = screen.getByRole('group', { name: 'Manifest' });
  expect(view.textContent).toBe('{\n  "a": 1\n}\n');
  expect([...view.querySelectorAll('[data-number]')].map((line) => line.getAttribute('data-number'))).toEqual(['1', '2', '3']);
  expect(view.querySelector('[data-tone="key"]')?.textContent).toBe('"a"');
});

test('of very many lines it says how many are left out', async () => {
  await renderPage(<CodeView text={'1\n'.repeat(10)} language="json" label="Manifest" most={3} />);
  expect(screen.getByText('7 further lines are not shown; copying brings all of them.')).toBeDefined();
});
