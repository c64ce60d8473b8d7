import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { ProjectsView } from './ProjectsView';

const idle = { error: null, isPlaceholderData: false, refetch: () => undefined };
const common = { search: {}, onSearch: () => undefined, mayCreate: true, signedIn: true, pins: [2], onPin: () => undefined, onCreate: () => undefined };
const never = '0001-01-01T00:00:00.000Z';
const project = {
  creation_time: never,
  update_time: never,
  owner_id: 1,
  current_user_role_ids: null,
  cve_allowlist: { creation_time: never, update_time: never, items: [] },
};
const projects = [
  { ...project, project_id: 1, name: 'library', repo_count: 6, current_user_role_id: 1, metadata: { public: 'true' } },
  { ...project, project_id: 2, name: 'payments', repo_count: 1_234, metadata: { public: 'false' } },
];

describe('ProjectsView', () => {
  test('lists projects with visibility and role in words', async () => {
    await renderPage(<ProjectsView {...common} projects={{ ...idle, data: { items: projects, total: 2 } }} />);
    const [, library, payments] = screen.getAllByRole('row');
    expect(within(library as HTMLElement).getByRole('link', { name: 'library' }).getAttribute('href')).toBe('/projects/library');
    expect(within(library as HTMLElement).getByText('Public')).toBeDefined();
    expect(within(library as HTMLElement).getByText('Project admin')).toBeDefined();
    expect(within(payments as HTMLElement).getByText('1,234')).toBeDefined();
    expect(within(payments as HTMLElement).getByText('no role')).toBeDefined();
  });

  test('what is pinned shows as pressed, and a press changes it', async () => {
    const onPin = vi.fn();
    await renderPage(<ProjectsView {...common} onPin={onPin} projects={{ ...idle, data: { items: projects, total: 2 } }} />);
    expect(screen.getByRole('button', { name: 'payments pinned to the home page' }).getAttribute('aria-pressed')).toBe('true');
    const library = screen.getByRole('button', { name: 'library pinned to the home page' });
    expect(library.getAttribute('aria-pressed')).toBe('false');
    fireEvent.click(library);
    expect(onPin).toHaveBeenCalledWith(1);
  });

  test('storage is a share of the quota, plain without one, and a dash for whom it is not to see', async () => {
    const [first, second] = projects;
    const items = [
      { ...project, project_id: 3, name: 'full', metadata: {}, storage_used: 9, storage_limit: 10 },
      { ...first, storage_used: 2048, storage_limit: -1 },
      { ...second, metadata: {} },
    ];
    await renderPage(<ProjectsView {...common} projects={{ ...idle, data: { items: items as never, total: 3 } }} />);
    expect(screen.getByRole('meter', { name: 'Share of the quota in use: full' }).getAttribute('aria-valuetext')).toBe('90%');
    expect(screen.getByText('2 KiB')).toBeDefined();
    expect(within(screen.getAllByRole('row')[3] as HTMLElement).getByText('–')).toBeDefined();
  });

  test('the order is told to the address', async () => {
    const onSearch = vi.fn();
    await renderPage(<ProjectsView {...common} onSearch={onSearch} projects={{ ...idle, data: { items: projects, total: 2 } }} />);
    fireEvent.click(screen.getByRole('button', { name: 'Name' }));
    expect(onSearch).toHaveBeenCalledWith({ sort: '-name' });
  });

  test('shows that it is loading', async () => {
    await renderPage(<ProjectsView {...common} projects={{ ...idle, data: undefined }} />);
    expect(screen.getByRole('table').getAttribute('aria-busy')).toBe('true');
  });

  test('empty, it offers to create the first', async () => {
    const onCreate = vi.fn();
    await renderPage(<ProjectsView {...common} onCreate={onCreate} projects={{ ...idle, data: { items: [], total: 0 } }} />);
    expect(screen.getByText('No project yet')).toBeDefined();
    fireEvent.click(screen.getAllByRole('button', { name: 'New project' })[1] as HTMLElement);
    expect(onCreate).toHaveBeenCalledOnce();
  });

  test('empty by a filter, it offers to clear it', async () => {
    const onSearch = vi.fn();
    await renderPage(<ProjectsView {...common} search={{ q: 'zzz' }} onSearch={onSearch} projects={{ ...idle, data: { items: [], total: 0 } }} />);
    fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(onSearch).toHaveBeenCalledWith({ q: undefined, show: undefined });
  });

  test('without an account, it offers to sign in and not to create', async () => {
    await renderPage(<ProjectsView {...common} signedIn={false} mayCreate={false} projects={{ ...idle, data: { items: [], total: 0 } }} />);
    expect(screen.getByRole('link', { name: 'Sign in' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'New project' })).toBeNull();
  });

  test('failed, it shows why', async () => {
    const error = new ApiError({ status: 500, code: 'UNKNOWN', message: 'internal server error', requestId: 'r' });
    await renderPage(<ProjectsView {...common} projects={{ ...idle, data: undefined, error }} />);
    expect(screen.getByRole('alert').textContent).toContain('internal server error');
  });
});
