import { screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { Files } from './Files';
import type { ContentFile } from './api';

const place = { project: 'library', repository: 'charts/ingress' };
let files: ContentFile[] = [];

beforeEach(() => vi.stubGlobal('fetch', async () => new Response(JSON.stringify(files))));

test('folders hold their files, an empty one too, and a file without a size has none', async () => {
  files = [{ name: 'templates', type: 'directory', children: [{ name: 'a.yaml', type: 'file', size: 2048 }] }, { name: 'charts', type: 'directory' }, { name: 'empty', type: 'file' }];
  await renderPage(<Files place={place} digest="sha256:1" />);
  expect((await screen.findByText('templates')).closest('details')?.textContent).toContain('a.yaml2 KiB');
  expect(screen.getByText('charts').closest('details')).not.toBeNull();
  expect(screen.getByText('empty').parentElement?.textContent).toBe('empty0 B');
});

test('nothing inside is said so', async () => {
  files = [];
  await renderPage(<Files place={place} digest="sha256:2" />);
  expect(await screen.findByText('There is nothing in it.')).toBeDefined();
});
