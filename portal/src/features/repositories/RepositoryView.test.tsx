import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Artifact, Label } from '@/api/types';
import { renderPage } from '@/testing/render';
import { someArtifact, someTag } from '@/testing/artifact';
import { useSelection } from '@/ui/useSelection';
import { artifactFilter } from './api';
import type { ArtifactActions } from './ArtifactMenu';
import { RepositoryView } from './RepositoryView';
import { SelectedArtifacts } from './SelectedArtifacts';

const label: Label = { id: 4, name: 'approved', color: '#48960C', scope: 'g', creation_time: '', update_time: '' };
const first = someArtifact({ digest: `sha256:${'a1'.repeat(32)}`, tags: [someTag('v2'), someTag('stable', true)], labels: [label], push_time: '2026-11-20T10:00:00Z' });
const second = someArtifact({ id: 2, digest: `sha256:${'b2'.repeat(32)}`, tags: [someTag('v1')], push_time: '2026-11-19T10:00:00Z' });
const untagged = someArtifact({ id: 3, digest: `sha256:${'c3'.repeat(32)}` });

function Page({ artifacts, actions = {}, onSearch = () => undefined, search = {} }: { artifacts: Artifact[]; actions?: ArtifactActions; onSearch?: (change: object) => void; search?: object }) {
  const selection = useSelection<Artifact>((artifact) => artifact.digest);
  const answer = { data: { items: artifacts, total: artifacts.length }, error: null, isPlaceholderData: false, refetch: () => undefined };
  const place = { project: 'library', repository: 'app' };
  return (
    <>
      <RepositoryView {...place} host="reg.example" search={search} onSearch={onSearch} artifacts={answer} labels={[label]} selection={selection} owner="admin" mayPush actions={actions} />
      <SelectedArtifacts {...place} selection={selection} actions={actions} />
    </>
  );
}

describe('the repository page', () => {
  test('shows tags first, and what marks them', async () => {
    await renderPage(<Page artifacts={[first, untagged]} />);
    expect(screen.getByRole('link', { name: 'v2' }).getAttribute('href')).toBe('/projects/library/repositories/app/-/tags/v2');
    expect(screen.getByRole('img', { name: 'Immutable' })).toBeDefined();
    expect(within(screen.getByRole('table')).getByText('approved')).toBeDefined();
    expect(screen.getByRole('link', { name: 'c3c3c3c3c3c3' })).toBeDefined();
  });

  test('offers with a selection only what the reader may do', async () => {
    const onTag = vi.fn();
    await renderPage(<Page artifacts={[first, second, untagged]} actions={{ onTag }} />);
    expect(screen.queryByRole('toolbar')).toBeNull();
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select v2' }));
    const bar = within(screen.getByRole('toolbar'));
    expect(bar.getByText('1 selected')).toBeDefined();
    expect(bar.queryByRole('button', { name: 'Delete' })).toBeNull();
    fireEvent.click(bar.getByRole('button', { name: 'Add tag' }));
    expect(onTag).toHaveBeenCalledWith([first]);
    fireEvent.click(bar.getByRole('button', { name: 'Clear selection' }));
    expect(screen.queryByRole('toolbar')).toBeNull();
  });

  test('compares two, the older one first', async () => {
    await renderPage(<Page artifacts={[first, second, untagged]} />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select v2' }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select v1' }));
    expect(screen.getByRole('link', { name: 'Compare' }).getAttribute('href')).toBe('/projects/library/repositories/app/-/compare/v1...v2');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select this page' }));
    expect(screen.getByText('3 selected')).toBeDefined();
    expect(screen.queryByRole('link', { name: 'Compare' })).toBeNull();
  });

  test('says when filters match nothing and clears them', async () => {
    const onSearch = vi.fn();
    await renderPage(<Page artifacts={[]} search={{ label: '4' }} onSearch={onSearch} />);
    fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(onSearch).toHaveBeenCalledWith({ q: undefined, show: undefined, kind: undefined, label: undefined });
  });

  test('shows how to push into a repository without tags', async () => {
    await renderPage(<Page artifacts={[]} />);
    expect(screen.getByText('No tags yet')).toBeDefined();
    expect(screen.getByText('docker push reg.example/library/app:v1')).toBeDefined();
  });
});

describe('what an address asks for', () => {
  test.each([
    [{}, 'tags=*'],
    [{ show: 'untagged' }, 'tags=nil'],
    [{ show: 'all' }, undefined],
    [{ q: 'v1,2' }, 'tags=~v12'],
    [{ kind: 'CHART', label: '4' }, 'tags=*,type=CHART,labels=(4)'],
    [{ show: 'all', label: '4) or' }, undefined],
  ])('%j is %s', (search, q) => {
    expect(artifactFilter(search)).toBe(q);
  });
});
