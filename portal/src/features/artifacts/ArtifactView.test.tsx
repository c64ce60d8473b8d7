import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { someArtifact, someTag } from '@/testing/artifact';
import { ArtifactView } from './ArtifactView';

const place = { project: 'library', repository: 'app' };
const link = { absolute: false, href: '' };
const manifest = JSON.stringify({ layers: [{ digest: 'sha256:1', size: 2048, mediaType: 'x' }, { digest: 'sha256:2', size: 6144, mediaType: 'x' }] });
const common = { place, tag: 'v1', host: 'reg.example', crumbs: [] };

beforeEach(() => {
  vi.stubGlobal('fetch', async (url: string) => new Response(url.includes('/additions/manifest') ? manifest : '[]'));
});

describe('the artifact page', () => {
  test('shows a reader who may only look no buttons that change something', async () => {
    const artifact = someArtifact({ tags: [someTag('v1'), someTag('stable', true)] });
    await renderPage(<ArtifactView {...common} artifact={artifact} actions={{}} />);
    expect(await screen.findByRole('img', { name: 'Immutable' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Add tag' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete tag v1' })).toBeNull();
    expect(screen.queryByRole('button', { name: /Actions for/ })).toBeNull();
  });

  test('takes a tag away, unless a rule keeps it', async () => {
    const onUntag = vi.fn();
    await renderPage(<ArtifactView {...common} artifact={someArtifact({ tags: [someTag('v1'), someTag('stable', true)] })} actions={{ onUntag }} />);
    fireEvent.click(await screen.findByRole('button', { name: 'Delete tag v1' }));
    expect(onUntag).toHaveBeenCalledWith('v1');
    expect(screen.queryByRole('button', { name: 'Delete tag stable' })).toBeNull();
  });

  test('says how the layers share the size', async () => {
    await renderPage(<ArtifactView {...common} artifact={someArtifact()} actions={{}} />);
    expect(await screen.findByRole('img', { name: 'Share of each layer; the largest has 75%, 6 KiB' })).toBeDefined();
    expect(screen.getByText('2 layers, 8 KiB compressed')).toBeDefined();
  });

  test('gives a chart its pages and helm', async () => {
    const chart = someArtifact({ type: 'CHART', addition_links: { 'readme.md': link, 'values.yaml': link }, extra_attrs: { name: 'ingress', version: '0.6.0', maintainers: [{ name: 'Mei', email: 'm@example.com' }] } });
    await renderPage(<ArtifactView {...common} tag="0.6.0" artifact={chart} actions={{}} />);
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual(['Overview', 'README', 'Values', 'Tags0', 'Referrers0', 'Manifest']);
    expect(screen.getByText('helm pull oci://reg.example/library/app --version 0.6.0')).toBeDefined();
    expect(await screen.findByText('Mei <m@example.com>')).toBeDefined();
  });
});
