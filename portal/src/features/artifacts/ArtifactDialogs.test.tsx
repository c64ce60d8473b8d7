import { fireEvent, screen } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Label } from '@/api/types';
import { renderPage } from '@/testing/render';
import { someArtifact, someTag } from '@/testing/artifact';
import { ArtifactDialogs, type Dialog } from './ArtifactDialogs';

const label = (id: number, name: string): Label => ({ id, name, color: '#48960C', scope: 'g', creation_time: '', update_time: '' });
const accessory = { id: 1, artifact_id: 2, creation_time: '', digest: 'sha256:1', icon: '', size: 1, subject_artifact_digest: '', subject_artifact_id: 1, subject_artifact_repo: '', type: 'signature.cosign' };
const artifact = someArtifact({ tags: [someTag('v1'), someTag('stable', true)], labels: [label(1, 'approved')], accessories: [accessory] });
const changes: string[] = [];

beforeAll(() => import('@/ui/FormDialogBox'));
beforeEach(() => {
  changes.length = 0;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method !== 'GET') changes.push(`${init.method} ${decodeURIComponent(url)} ${String(init.body ?? '')}`.trim());
    const body = url.includes('/labels?') && url.includes('scope=g') ? [label(1, 'approved'), label(2, 'nightly')] : [];
    return new Response(JSON.stringify(body), { headers: { 'X-Harbor-CSRF-Token': 't' } });
  });
});

async function open(dialog: Dialog, tag?: string) {
  const onClose = vi.fn();
  await renderPage(<ArtifactDialogs dialog={dialog} place={{ project: 'library', repository: 'app' }} artifact={artifact} tag={tag} onClose={onClose} />);
  await screen.findByRole('dialog');
  return onClose;
}

const artifacts = `/api/v2.0/projects/library/repositories/app/artifacts/${artifact.digest}`;

describe('the dialogs of an artifact', () => {
  test('change only the labels that were ticked or cleared', async () => {
    const onClose = await open({ kind: 'labels' });
    expect((await screen.findByRole<HTMLInputElement>('checkbox', { name: /approved/ })).checked).toBe(true);
    fireEvent.click(screen.getByRole('checkbox', { name: /approved/ }));
    fireEvent.click(screen.getByRole('checkbox', { name: /nightly/ }));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(changes).toEqual([`DELETE ${artifacts}/labels/1`, `POST ${artifacts}/labels {"id":2}`]);
  });

  test('copy by the tag that one looks at, and say what comes along', async () => {
    const onClose = await open({ kind: 'copy' }, 'v1');
    const project = screen.getByLabelText('To project', { selector: 'input' });
    expect(screen.getByText('the tag v1')).toBeDefined();
    expect(screen.getByText('1 attachment')).toBeDefined();
    fireEvent.change(project, { target: { value: 'library' } });
    expect(screen.getByText('The artifact is there already.')).toBeDefined();
    fireEvent.change(project, { target: { value: 'payments' } });
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(changes).toEqual(['POST /api/v2.0/projects/payments/repositories/app/artifacts?from=library/app:v1']);
  });

  test('copy by digest where there is no tag', async () => {
    await open({ kind: 'copy' });
    expect(screen.getByText('the artifact under its digest, without a tag')).toBeDefined();
  });

  test('name what is lost with the artifact, and the rule that keeps it', async () => {
    await open({ kind: 'delete' });
    expect(screen.getByText('v1, stable')).toBeDefined();
    expect(screen.getByText('Signature (1)')).toBeDefined();
    expect(screen.getByText(/An immutable rule protects stable/)).toBeDefined();
  });

  test('refuse what is no tag before it is sent', async () => {
    await open({ kind: 'tag' });
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'not a tag' } });
    expect((screen.getByRole('button', { name: 'Add' }) as HTMLButtonElement).disabled).toBe(true);
    fireEvent.change(screen.getByRole('textbox'), { target: { value: 'release' } });
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    await vi.waitFor(() => expect(changes).toEqual([`POST ${artifacts}/tags {"name":"release"}`]));
  });
});
