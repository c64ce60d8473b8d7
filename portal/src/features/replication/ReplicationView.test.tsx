import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { ReplicationExecution, ReplicationPolicy } from '@/api/types';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import { ReplicationView } from './ReplicationView';

const registry = (id: number, name: string, status = 'healthy') => ({
  id, name, type: 'harbor', url: 'https://x', insecure: false, status, credential: {}, creation_time: '', update_time: '', status_since: '2026-11-21T07:00:00.000Z',
});
const run = (id: number, change: Partial<ReplicationExecution> = {}): ReplicationExecution => ({
  id, policy_id: 7, status: 'Succeed', status_text: '', trigger: 'scheduled', username: 'mei.lin', start_time: '2026-11-21T07:00:00.000Z', end_time: '2026-11-21T07:01:00.000Z',
  total: 4, succeed: 4, failed: 0, in_progress: 0, stopped: 0, items: 10, done: 10, bytes: 2048, rate: 1024, ...change,
});
const policy: ReplicationPolicy = {
  id: 7, name: 'nightly', src_registry: registry(0, 'Local'), dest_registry: registry(3, 'far', 'unhealthy'), dest_namespace: 'mirror', dest_namespace_replace_count: 1, enabled: true, override: true,
  filters: [{ type: 'name', value: 'library/**' }, { type: 'tag', value: 'v*', decoration: 'excludes' }], trigger: { type: 'scheduled', trigger_settings: { cron: '0 30 2 * * *' } },
  speed: 0, copy_by_chunk: false, single_active_replication: false, creation_time: '', update_time: '2026-01-01T00:00:00.000Z', next_scheduled_time: '2999-01-01T02:30:00.000Z',
  last_execution: run(12, { status: 'Failed' }), skipped: 'it runs already',
};
const nothing = () => undefined;
const answer = <T,>(data: T) => ({ data, error: null, isPlaceholderData: false, refetch: nothing });
const list = <T,>(items: T[]) => answer({ items, total: items.length });
const common = {
  search: {}, onSearch: nothing, policies: list([policy]), runs: list([run(12)]), hasRegistries: true, onCreate: nothing, onEdit: nothing, onDelete: nothing, onEnable: nothing, onRun: nothing,
  onRuns: nothing, onOpen: nothing, onStop: nothing, onRetry: nothing,
};

describe('ReplicationView', () => {
  test('a policy is a sentence, with its next run, its last one and who cannot be reached', async () => {
    const onRun = vi.fn();
    const onEnable = vi.fn();
    await renderPage(<ReplicationView {...common} onRun={onRun} onEnable={onEnable} />);
    const item = screen.getByRole('switch', { name: 'nightly enabled' }).closest('li') as HTMLElement;
    expect(item.textContent).toContain('Copies repositories matching library/**, tags except v* from here to far as mirror/…. Every day at 02:30 UTC.');
    expect(within(item).getByText('far cannot be reached')).toBeDefined();
    expect(within(item).getByText(/Next run/)).toBeDefined();
    expect(within(item).getByText('Not run the last time: it runs already')).toBeDefined();
    expect(within(item).getByText('Failed')).toBeDefined();
    fireEvent.click(within(item).getByRole('button', { name: 'Run nightly now' }));
    expect(onRun).toHaveBeenCalledWith(policy);
    fireEvent.click(within(item).getByRole('switch', { name: 'nightly enabled' }));
    expect(onEnable).toHaveBeenCalledWith(policy, false);
  });

  test('a run says what it did, and offers what its state allows', async () => {
    const onRetry = vi.fn();
    const onStop = vi.fn();
    const items = [run(13, { status: 'InProgress', in_progress: 3, succeed: 1, done: 3 }), run(12, { status: 'Failed', failed: 1, succeed: 3, status_text: 'no space' })];
    await renderPage(<ReplicationView {...common} runs={list(items)} onRetry={onRetry} onStop={onStop} />);
    const table = screen.getByRole('table', { name: 'Runs' });
    expect(within(table).getByText('no space')).toBeDefined();
    expect(within(table).getByText('1 of 4')).toBeDefined();
    expect(within(table).getByText('4 of 4 · 1 failed')).toBeDefined();
    expect(within(table).getAllByText(/ · 2 KiB · 1 KiB\/s$/)).toHaveLength(2);
    fireEvent.click(screen.getByRole('button', { name: 'Actions for #12' }));
    expect(screen.queryByRole('menuitem', { name: 'Stop run' })).toBeNull();
    fireEvent.click(screen.getByRole('menuitem', { name: 'Retry what failed' }));
    expect(onRetry).toHaveBeenCalledWith(12);
    fireEvent.click(screen.getByRole('button', { name: 'Actions for #13' }));
    fireEvent.click(screen.getByRole('menuitem', { name: 'Stop run' }));
    expect(onStop).toHaveBeenCalledWith(13);
  });

  test('empty, it says what comes first', async () => {
    await renderPage(<ReplicationView {...common} policies={list<ReplicationPolicy>([])} runs={list<ReplicationExecution>([])} hasRegistries={false} />);
    expect(screen.getByText('No other registry yet')).toBeDefined();
    expect(screen.getByText('Nothing has run yet')).toBeDefined();
  });

  test('refused, it says who may', async () => {
    const denied = { data: undefined, error: new ApiError({ status: 403, code: 'FORBIDDEN', message: '' }), refetch: nothing };
    await renderPage(<ReplicationView {...common} policies={denied} runs={denied} />);
    expect(screen.getAllByText(/system administrator/i).length).toBeGreaterThan(0);
  });

  test('while it loads, it is busy', async () => {
    const waiting = { data: undefined, error: null, refetch: nothing };
    await renderPage(<ReplicationView {...common} policies={waiting} runs={waiting} />);
    expect(document.querySelectorAll('[aria-busy="true"]').length).toBeGreaterThan(0);
  });
});
