import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { DeletedProject } from '@/api/types';
import { renderPage } from '@/testing/render';
import { DeletedProjectsView } from './DeletedProjectsView';
import { RestoreProject } from './RestoreProject';

const project: DeletedProject = {
  project_id: 3, name: 'harbour', name_taken: false, operator: 'mei.lin', delete_time: '2026-11-01T00:00:00.000Z', restorable_until: '2999-01-01T00:00:00.000Z',
  repository_count: 2, artifact_count: 5, recoverable: 4096, lost: { robot_count: 2, robot_grant_count: 0, retention_policy: true },
};
const answer = (items: DeletedProject[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: () => undefined });

describe('deleted projects', () => {
  test('each says what can be restored in it, and its button restores it', async () => {
    const onRestore = vi.fn();
    await renderPage(<DeletedProjectsView search={{ show: 'projects' }} onSearch={() => undefined} projects={answer([project])} onRestore={onRestore} />);
    expect(screen.getByText(/2 repositories · 5 artifacts/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Restore project harbour' }));
    expect(onRestore).toHaveBeenCalledWith(project);
  });

  test('without any it says so', async () => {
    await renderPage(<DeletedProjectsView search={{ show: 'projects' }} onSearch={() => undefined} projects={answer([])} onRestore={() => undefined} />);
    expect(screen.getByText('No deleted project can be restored')).toBeDefined();
  });

  test('what does not come back is told, and the project keeps its name', async () => {
    const onRestore = vi.fn(() => Promise.resolve());
    await renderPage(<RestoreProject project={project} onRestore={onRestore} onClose={() => undefined} />);
    expect(await screen.findByText('2 robot accounts')).toBeDefined();
    expect(screen.getByText('its retention policy')).toBeDefined();
    expect(screen.queryByLabelText('Restore harbour as')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Restore' }));
    await waitFor(() => expect(onRestore).toHaveBeenCalledWith(undefined));
  });

  test('where its name is used again it comes back under another', async () => {
    const onRestore = vi.fn(() => Promise.resolve());
    await renderPage(<RestoreProject project={{ ...project, name_taken: true }} onRestore={onRestore} onClose={() => undefined} />);
    expect(((await screen.findByLabelText('Restore harbour as')) as HTMLInputElement).value).toBe('harbour-restored');
    fireEvent.click(screen.getByRole('button', { name: 'Restore' }));
    await waitFor(() => expect(onRestore).toHaveBeenCalledWith('harbour-restored'));
  });
});
