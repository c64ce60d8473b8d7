import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Robot } from '@/api/types';
import { renderPage } from '@/testing/render';
import { RobotForm } from './RobotForm';

const permission = (id: string) => ({ resource: id.split(':')[0] ?? '', action: id.split(':')[1] ?? '' });
const catalogue = { project: ['repository:pull', 'repository:push', 'tag:list', 'artifact:list', 'member:delete'].map(permission), system: [permission('quota:list')] };
const now = Date.parse('2026-11-21T12:00:00Z');
const onSubmit = vi.fn(() => Promise.resolve());
const common = { catalogue, project: 'library', now, mayGive: () => true, onSubmit, onClose: () => undefined };
const send = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const robot: Robot = {
  id: 7, name: 'robot$library+ci', description: 'old', level: 'project', duration: 30, disable: false, editable: true, expires_at: 1, creation_time: '2026-11-01T00:00:00.000Z', update_time: '2026-11-01T00:00:00.000Z', creator_type: 'local', creator_ref: 1,
  permissions: [{ kind: 'project', namespace: 'library', access: ['repository:pull', 'tag:list'].map(permission) }],
};

beforeEach(() => {
  onSubmit.mockClear();
  // The projects to choose from are asked for and never come.
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
});

describe('RobotForm', () => {
  test('a new robot pushes and pulls in its project for 90 days, unless something else is said', async () => {
    await renderPage(<RobotForm {...common} />);
    fireEvent.change(await screen.findByLabelText(/Name/), { target: { value: 'ci' } });
    expect(screen.getByText(/robot\$library\+ci/)).toBeDefined();
    send('Create and show secret');
    await waitFor(() => expect(onSubmit).toHaveBeenCalledOnce());
    expect(onSubmit).toHaveBeenCalledWith({
      name: 'ci', description: '', duration: 90, permissions: [{ kind: 'project', namespace: 'library', access: ['repository:pull', 'repository:push'].map(permission) }],
    });
  });

  test('a name that the server would refuse cannot be sent', async () => {
    await renderPage(<RobotForm {...common} />);
    fireEvent.change(await screen.findByLabelText(/Name/), { target: { value: 'Not A Name' } });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Create and show secret' }).disabled).toBe(true);
  });

  test('what the maker lacks cannot be given', async () => {
    await renderPage(<RobotForm {...common} mayGive={({ resource }) => resource !== 'member'} />);
    fireEvent.click(await screen.findByRole('radio', { name: /Custom/ }));
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Members: delete' }).disabled).toBe(true);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Tags: list' }).disabled).toBe(false);
  });

  test('edited, it begins with what the robot has and keeps the rest', async () => {
    await renderPage(<RobotForm {...common} robot={robot} />);
    expect((await screen.findByRole<HTMLInputElement>('radio', { name: /Custom/ })).checked).toBe(true);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Repositories: push' }));
    send('Save');
    await waitFor(() => expect(onSubmit).toHaveBeenCalledOnce());
    expect(onSubmit).toHaveBeenCalledWith(
      expect.objectContaining({ duration: 30, description: 'old', permissions: [{ kind: 'project', namespace: 'library', access: ['repository:pull', 'repository:push', 'tag:list'].map(permission) }] }),
    );
  });

  test('different permissions in different projects are kept as they are', async () => {
    const permissions = [
      { kind: 'project', namespace: 'a', access: [permission('repository:pull')] },
      { kind: 'project', namespace: 'b', access: [permission('repository:push')] },
    ];
    await renderPage(<RobotForm {...common} project={undefined} robot={{ ...robot, level: 'system', permissions }} />);
    expect(await screen.findByText(/different permissions in different projects/)).toBeDefined();
    send('Save');
    await waitFor(() => expect(onSubmit).toHaveBeenCalledWith(expect.objectContaining({ permissions })));
  });

  test('a robot of the system needs a place to work', async () => {
    await renderPage(<RobotForm {...common} project={undefined} />);
    fireEvent.change(await screen.findByLabelText(/Name/), { target: { value: 'deploy' } });
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Create and show secret' });
    expect(button.disabled).toBe(true);
    fireEvent.click(screen.getByLabelText('All projects, also later ones'));
    expect(button.disabled).toBe(false);
  });
});
