import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Robot } from '@/api/types';
import { renderPage } from '@/testing/render';
import { RobotsView } from './RobotsView';

const now = new Date('2026-11-21T12:00:00Z');
const inDays = (days: number) => Math.round(now.getTime() / 1000) + days * 86_400;
const pull = { resource: 'repository', action: 'pull' };
const push = { resource: 'repository', action: 'push' };
const catalogue = { project: [pull, push, { resource: 'tag', action: 'create' }], system: [{ resource: 'quota', action: 'list' }] };
const robot = (id: number, change: Partial<Robot> = {}): Robot => ({
  id, name: `robot$library+r${id}`, level: 'project', duration: 30, disable: false, editable: true, expires_at: inDays(30),
  permissions: [{ kind: 'project', namespace: 'library', access: [pull, push] }], creation_time: '2026-11-01T00:00:00.000Z', update_time: '2026-11-01T00:00:00.000Z', creator_type: 'local', creator_ref: 1, ...change,
});
const answer = (items: Robot[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: () => undefined });
const nothing = () => undefined;
const common = { search: {}, onSearch: nothing, catalogue, project: 'library', host: 'registry.example.com', now, mayCreate: true, mayChange: true, mayDelete: true, onCreate: nothing, onAction: nothing, onDisable: nothing };
const row = (name: string) => within(screen.getByText(name).closest('tr') as HTMLElement);

describe('RobotsView', () => {
  test('says in words what a robot may do, and until when', async () => {
    const items = [
      robot(1),
      robot(2, { expires_at: inDays(3), permissions: [{ kind: 'project', namespace: 'library', access: [pull] }] }),
      robot(3, { expires_at: inDays(-3), permissions: [{ kind: 'project', namespace: 'library', access: [{ resource: 'tag', action: 'create' }] }] }),
      robot(4, { expires_at: -1, permissions: [] }),
    ];
    await renderPage(<RobotsView {...common} robots={answer(items)} />);
    expect(row('robot$library+r1').getByText('Push and pull')).toBeDefined();
    expect(row('robot$library+r2').getByText('Pull only')).toBeDefined();
    expect(row('robot$library+r2').getByText(/Expires in 3 days/)).toBeDefined();
    expect(row('robot$library+r3').getByText('Tags: create')).toBeDefined();
    expect(row('robot$library+r3').getByText(/Expired 3 days ago/)).toBeDefined();
    expect(row('robot$library+r4').getByText('nothing')).toBeDefined();
    expect(row('robot$library+r4').getByText('Never')).toBeDefined();
  });

  test('a robot of the system says where', async () => {
    const permissions = [
      ...['a', 'b', 'c', 'd'].map((namespace) => ({ kind: 'project', namespace, access: [pull] })),
      { kind: 'system', namespace: '/', access: [{ resource: 'quota', action: 'list' }] },
    ];
    await renderPage(<RobotsView {...common} project={undefined} robots={answer([robot(1, { level: 'system', permissions })])} />);
    expect(screen.getByText('Pull only in a, b, 2 more')).toBeDefined();
    expect(screen.getByText(/^System: /)).toBeDefined();
  });

  test('the switch asks for the opposite', async () => {
    const onDisable = vi.fn();
    const one = robot(1);
    await renderPage(<RobotsView {...common} onDisable={onDisable} robots={answer([one])} />);
    fireEvent.click(screen.getByRole('switch', { name: 'robot$library+r1 is enabled' }));
    expect(onDisable).toHaveBeenCalledWith(one, true);
  });

  test('whoever may only look sees states as words and no buttons', async () => {
    await renderPage(<RobotsView {...common} mayCreate={false} mayChange={false} mayDelete={false} robots={answer([robot(1, { disable: true })])} />);
    expect(screen.getByText('Disabled')).toBeDefined();
    expect(screen.queryByRole('switch')).toBeNull();
    expect(screen.queryByRole('button', { name: /Actions|New robot/ })).toBeNull();
  });

  test('empty, it shows how a robot would log in', async () => {
    await renderPage(<RobotsView {...common} robots={answer([])} />);
    expect(screen.getByText("docker login registry.example.com -u 'robot$library+ci'")).toBeDefined();
  });
});
