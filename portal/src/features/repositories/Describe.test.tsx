import { fireEvent, screen } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Repository } from '@/api/types';
import { renderPage } from '@/testing/render';
import { Describe } from './Describe';

const place = { project: 'library', repository: 'team/app' };
const repository: Repository = { id: 1, project_id: 1, name: 'library/team/app', artifact_count: 1, pull_count: 0, description: 'old', creation_time: '', update_time: '2026-11-21T09:00:00.000Z' };

beforeAll(() => import('@/ui/FormDialogBox'));

/** Answers everything but changes, which it keeps and answers with the next of the given states. */
function serve(...states: number[]) {
  const changes: { url: string; edition: string | null; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method !== 'PUT') return new Response('{}', { headers: { 'X-Harbor-CSRF-Token': 't' } });
    changes.push({ url, edition: new Headers(init.headers).get('If-Match'), body: JSON.parse(String(init.body)) });
    return new Response('', { status: states.shift() ?? 200 });
  });
  return changes;
}

test('a description is saved for the state that was edited', async () => {
  const changes = serve();
  const onClose = vi.fn();
  await renderPage(<Describe place={place} repository={repository} onReload={async () => undefined} onClose={onClose} />);
  fireEvent.change(await screen.findByLabelText('Description'), { target: { value: '  new ' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(changes).toEqual([{ url: '/api/v2.0/projects/library/repositories/team%252Fapp', edition: `"${repository.update_time}"`, body: { description: 'new' } }]);
});

test('when somebody else was faster, their text can be loaded and edited', async () => {
  const changes = serve(412, 200);
  const theirs = { ...repository, description: 'theirs', update_time: '2026-11-21T09:05:00.000Z' };
  await renderPage(<Describe place={place} repository={repository} onReload={async () => theirs} onClose={() => undefined} />);
  const field = (await screen.findByLabelText('Description')) as HTMLTextAreaElement;
  fireEvent.change(field, { target: { value: 'mine' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Load the new state' }));
  await vi.waitFor(() => expect(field.value).toBe('theirs'));
  fireEvent.change(field, { target: { value: 'ours' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await vi.waitFor(() => expect(changes.at(-1)).toMatchObject({ edition: `"${theirs.update_time}"`, body: { description: 'ours' } }));
});
