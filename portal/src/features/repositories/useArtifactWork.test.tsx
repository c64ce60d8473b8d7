import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { someArtifact, someTag } from '@/testing/artifact';
import { useArtifactWork } from './useArtifactWork';
import { WorkPanel } from './WorkPanel';

const place = { project: 'library', repository: 'app' };
const artifacts = ['v1', 'v2'].map((name, id) => someArtifact({ id, digest: `sha256:${String(id).repeat(64)}`, tags: [someTag(name)] }));

beforeEach(() => vi.stubGlobal('fetch', async () => new Response('[]')));

function Work({ touch }: { touch: (name: string) => Promise<void> }) {
  const { work, start, dismiss } = useArtifactWork(place);
  return (
    <>
      <button onClick={() => void start('delete', artifacts, (artifact) => touch(artifact.tags?.[0]?.name ?? ''))}>start</button>
      {work && <WorkPanel work={work} onDismiss={dismiss} />}
    </>
  );
}

function Visitor({ touch }: { touch: (name: string) => Promise<void> }) {
  const [away, setAway] = useState(false);
  return (
    <>
      <button onClick={() => setAway(!away)}>go</button>
      {!away && <Work touch={touch} />}
    </>
  );
}

test('work goes on while one is elsewhere, and what was refused is there when one comes back', async () => {
  const waiting = new Map<string, (refusal?: Error) => void>();
  const touch = (name: string) => new Promise<void>((resolve, reject) => waiting.set(name, (refusal) => (refusal ? reject(refusal) : resolve())));
  await renderPage(<Visitor touch={touch} />);
  fireEvent.click(screen.getByText('start'));
  expect(await screen.findByText('Deleting: 0 of 2')).toBeDefined();

  fireEvent.click(screen.getByText('go'));
  expect(screen.queryByText('Deleting: 0 of 2')).toBeNull();
  await act(async () => {
    waiting.get('v1')?.();
    waiting.get('v2')?.(new Error('tag v2 is immutable'));
  });
  fireEvent.click(screen.getByText('go'));
  expect(await screen.findByText('Refused: 1 of 2')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(screen.queryByText('Refused: 1 of 2')).toBeNull());
});
