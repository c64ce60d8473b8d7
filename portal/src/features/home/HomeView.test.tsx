import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Project } from '@/api/types';
import { renderPage } from '@/testing/render';
import { HomeView } from './HomeView';

const project = (id: number, name: string, more: object = {}) => ({ project_id: id, name, metadata: {}, current_user_role_ids: null, ...more }) as unknown as Project;
const answer = <T,>(items: T[]) => ({ data: { items, total: items.length }, error: null, refetch: () => undefined });
const common = {
  username: 'mei.lin', name: 'Mei Lin', host: 'r.example', repositories: answer([]), full: [], pins: [2], pinned: [],
  activity: { data: [], error: null, refetch: () => undefined }, onPin: () => undefined,
};

describe('HomeView', () => {
  test('without a project: create one, and the three lines that fill it', async () => {
    await renderPage(<HomeView {...common} projects={answer<Project>([])} />);
    expect(screen.getByRole('link', { name: 'Create one' }).getAttribute('href')).toBe('/projects?new=project');
    expect(screen.getByText('docker push r.example/my-project/hello:v1')).toBeDefined();
  });

  test('the guide knows this host, the reader and the newest project', async () => {
    await renderPage(<HomeView {...common} projects={answer([project(1, 'web')])} />);
    expect(screen.getByText('docker login r.example -u mei.lin')).toBeDefined();
    expect(screen.getByText('docker push r.example/web/hello:v1')).toBeDefined();
  });

  test('pins are pressed where they are set, and a press is told', async () => {
    const onPin = vi.fn();
    await renderPage(<HomeView {...common} onPin={onPin} projects={answer([project(1, 'web'), project(2, 'edge')])} />);
    expect(screen.getByRole('button', { name: /^edge pinned/ }).getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(screen.getByRole('button', { name: /^web pinned/ }));
    expect(onPin).toHaveBeenCalledWith(1);
  });

  test('a quota that is nearly used up stands above everything', async () => {
    await renderPage(<HomeView {...common} full={[project(3, 'data', { storage_used: 95, storage_limit: 100 })]} projects={answer([project(1, 'web')])} />);
    const panel = within(screen.getByRole('region', { name: 'Quota nearly full' }));
    expect(panel.getByRole('meter').getAttribute('aria-valuetext')).toBe('95%');
  });

  test('no quota in danger, no panel', async () => {
    await renderPage(<HomeView {...common} projects={answer([project(1, 'web')])} />);
    expect(screen.queryByText('Quota nearly full')).toBeNull();
  });
});
