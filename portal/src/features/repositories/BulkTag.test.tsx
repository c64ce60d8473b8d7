import { fireEvent, screen } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { someArtifact, someTag } from '@/testing/artifact';
import { BulkTag } from './BulkTag';

const artifacts = [someArtifact({ tags: [someTag('v1')] }), someArtifact({ digest: `sha256:${'cd'.repeat(32)}`, tags: [someTag('v2')] })];
const nothing = () => undefined;

// Loaded on demand, and not what is measured here.
beforeAll(() => import('@/ui/FormDialogBox'));

test('several artifacts cannot be given one name', async () => {
  await renderPage(<BulkTag artifacts={artifacts} onSubmit={nothing} onClose={nothing} />);
  fireEvent.change(await screen.findByRole('textbox'), { target: { value: 'stable' } });
  expect(screen.getByText('One tag names one artifact: use {tag} in the name.')).toBeDefined();
  expect((screen.getByRole('button', { name: 'Add' }) as HTMLButtonElement).disabled).toBe(true);
});

test('a pattern shows the names that it makes, and hands them over', async () => {
  const onSubmit = vi.fn();
  await renderPage(<BulkTag artifacts={artifacts} onSubmit={onSubmit} onClose={nothing} />);
  fireEvent.change(await screen.findByRole('textbox'), { target: { value: 'release-{tag}' } });
  expect(screen.getByText('release-v2')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  const nameOf = onSubmit.mock.calls[0]?.[0] as (artifact: unknown) => string;
  expect(artifacts.map(nameOf)).toEqual(['release-v1', 'release-v2']);
});
