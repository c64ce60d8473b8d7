import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { someArtifact } from '@/testing/artifact';
import { CompareView } from './CompareView';

const layer = (digest: string, size: number) => ({ digest: `sha256:${digest}`, size, mediaType: 'x' });
const manifests: Record<string, object> = {
  from: { layers: [layer('base', 1024), layer('old', 512)] },
  to: { layers: [layer('base', 1024), layer('new', 2048)] },
};
const digestOf = (name: string) => `sha256:${name === 'from' ? 'aa'.repeat(32) : 'bb'.repeat(32)}`;
const side = (name: 'from' | 'to', env: string[]) => ({
  name: name === 'from' ? 'v1' : 'v2',
  artifact: someArtifact({ digest: digestOf(name), size: name === 'from' ? 1536 : 3072, extra_attrs: { os: 'linux', architecture: 'amd64', config: { Env: env, Cmd: ['serve'] } } }),
});

beforeEach(() => {
  vi.stubGlobal('fetch', async (url: string) => new Response(JSON.stringify(manifests[url.includes(digestOf('from')) ? 'from' : 'to'])));
});

describe('two artifacts beside each other', () => {
  test('show what differs and leave out what does not', async () => {
    await renderPage(<CompareView place={{ project: 'library', repository: 'app' }} from={side('from', ['A=1', 'OLD=x'])} to={side('to', ['A=2'])} />);
    const changed = within(await screen.findByRole('row', { name: /^A/ }));
    expect(changed.getByText('changed')).toBeDefined();
    expect(changed.getByText('1')).toBeDefined();
    expect(changed.getByText('2')).toBeDefined();
    expect(within(screen.getByRole('row', { name: /^OLD/ })).getByText('removed')).toBeDefined();
    expect(screen.queryByRole('row', { name: /Command/ })).toBeNull();
  });

  test('tell which layers are shared and what has to be fetched', async () => {
    await renderPage(<CompareView place={{ project: 'library', repository: 'app' }} from={side('from', [])} to={side('to', [])} />);
    expect(await screen.findByText('1 KiB are shared; who has the one fetches 2 KiB for v2')).toBeDefined();
    expect(within(screen.getByRole('region', { name: 'Only in v1' })).getByText('1 layer, 512 B compressed')).toBeDefined();
    expect(screen.getByText('+1.5 KiB (+100%)')).toBeDefined();
    expect(screen.getByText('They run in the same way, and the same is written about them.')).toBeDefined();
  });

  test('can be swapped by a link', async () => {
    await renderPage(<CompareView place={{ project: 'library', repository: 'app' }} from={side('from', [])} to={side('to', [])} />);
    expect(screen.getByRole('link', { name: 'Swap sides' }).getAttribute('href')).toBe('/projects/library/repositories/app/-/compare/v2...v1');
  });
});
