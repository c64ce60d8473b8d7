import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import type { Execution, JobQueue, Schedule, UpkeepStep } from '@/api/types';
import { ApiError } from '@/lib/problem';
import { renderPage } from '@/testing/render';
import type { Process } from './api';
import { JobsView } from './JobsView';

const execution = (id: number, change: Partial<Execution> = {}): Execution => ({
  id, kind: 'PURGE_AUDIT_LOG', trigger: 'schedule', username: 'mei.lin', status: 'Success', parameters: {}, creation_time: '2026-11-21T07:00:00.000Z', start_time: '2026-11-21T07:00:00.000Z',
  progress: { tasks: 1, ended: 1, done: 40, total: 40 }, ...change,
});
const queues: JobQueue[] = [
  { job_type: 'PURGE_AUDIT_LOG', paused: false, count: 3, latency: 125, running: 1 },
  { job_type: 'SCHEDULER', paused: true, paused_by: 'mei.lin' },
];
const schedule: Schedule = {
  id: 4, vendor_type: 'PURGE_AUDIT_LOG', vendor_id: -1, cron: '0 30 2 * * 1-5', cron_type: 'Custom', next_scheduled_time: '2999-01-01T00:00:00.000Z', update_time: '2026-11-21T07:00:00.000Z', skipped: 'it runs already',
};
const process: Process = {
  worker_pool_id: 'a', host: 'node-1', pid: 12, concurrency: 4, start_at: '2026-11-21T07:00:00.000Z', heartbeat_at: '2026-11-21T07:00:00.000Z', busy: [{ id: 'w', pool_id: 'a', job_id: 'j', job_name: 'PURGE_AUDIT_LOG', check_in: '3 of 12' }],
};
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const unrun = (name: string): UpkeepStep => ({ name, cron: '0 */10 * * * *', every: 600, state: 'waiting', failures: 0, removed: 0, total: 0 });
const step = (name: string, change: Partial<UpkeepStep> = {}): UpkeepStep => ({ ...unrun(name), state: 'fine', start_time: ago(1), success_time: ago(1), took_ms: 12, ...change });
const nothing = () => undefined;
const answer = <T,>(data: T) => ({ data, error: null, isPlaceholderData: false, refetch: nothing });
const list = <T,>(items: T[]) => answer({ items, total: items.length });
const common = {
  search: {}, onSearch: nothing, queues: answer(queues), schedules: list([schedule]), processes: answer([process]), executions: list([execution(1)]), upkeep: answer([step('tag_expiry')]),
  onOpen: nothing, onStop: nothing, onRetry: nothing, onPause: nothing, onEmpty: nothing, onRun: nothing,
};
const rowOf = (id: number) => within(screen.getByRole('button', { name: `Purge of the audit log #${id}` }).closest('tr') as HTMLElement);

describe('JobsView', () => {
  test('says how each job fares, and offers what its state allows', async () => {
    const onStop = vi.fn();
    const onRetry = vi.fn();
    const items = [
      execution(3, { status: 'Running', progress: { tasks: 1, ended: 0, done: 10, total: 40, bytes: 3072, rate: 1024 } }),
      execution(2, { status: 'Error', status_message: 'the disk is full' }),
      execution(1, { status: 'Running', stopping: true }),
    ];
    await renderPage(<JobsView {...common} executions={list(items)} onStop={onStop} onRetry={onRetry} />);
    expect(rowOf(3).getByText('Running')).toBeDefined();
    expect(rowOf(3).getByText('10 of 40 · 3 KiB · 1 KiB/s')).toBeDefined();
    expect(rowOf(2).getByText('the disk is full')).toBeDefined();
    expect(rowOf(1).getByText('Stopping')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Actions for #3' }));
    expect(screen.queryByRole('menuitem', { name: 'Try again' })).toBeNull();
    fireEvent.click(screen.getByRole('menuitem', { name: 'Stop job' }));
    expect(onStop).toHaveBeenCalledWith(items[0]);
    fireEvent.click(screen.getByRole('button', { name: 'Actions for #2' }));
    expect(screen.queryByRole('menuitem', { name: 'Stop job' })).toBeNull();
    fireEvent.click(screen.getByRole('menuitem', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledWith(items[1]);
  });

  test('a queue says what waits and since when, and who paused it', async () => {
    const onPause = vi.fn();
    const onEmpty = vi.fn();
    await renderPage(<JobsView {...common} onPause={onPause} onEmpty={onEmpty} />);
    expect(screen.getByText('Waiting: 3 · for 2 min 5 sec · Running: 1')).toBeDefined();
    expect(screen.getByText('Paused by mei.lin')).toBeDefined();
    expect(screen.getByText('All schedules are paused.')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Actions for Schedules' }));
    fireEvent.click(screen.getByRole('menuitem', { name: 'Resume' }));
    expect(onPause).toHaveBeenCalledWith(queues[1], false);
    fireEvent.click(screen.getByRole('button', { name: 'Actions for Purge of the audit log' }));
    fireEvent.click(screen.getByRole('menuitem', { name: 'Stop what waits' }));
    expect(onEmpty).toHaveBeenCalledWith(queues[0]);
  });

  test('a schedule is a sentence, with why it did not run, and runs now', async () => {
    const onRun = vi.fn();
    await renderPage(<JobsView {...common} onRun={onRun} />);
    expect(screen.getByText(/Every Monday.*Friday at 02:30 UTC/)).toBeDefined();
    expect(screen.getByText('Not run the last time: it runs already')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Run now' }));
    expect(onRun).toHaveBeenCalledWith(schedule);
  });

  test('a process says what it works on', async () => {
    await renderPage(<JobsView {...common} />);
    expect(screen.getByText('node-1, process 12')).toBeDefined();
    expect(screen.getByText(/1 of 4 places taken/)).toBeDefined();
    expect(screen.getByText('Purge of the audit log 3 of 12')).toBeDefined();
  });

  test('upkeep says of each step what it does, when it ran and why it fails, what is wrong first', async () => {
    const upkeep = [
      step('session_expiry', { removed: 3, removed_time: ago(120), total: 4031, took_ms: 65_000 }),
      unrun('change_sweep'),
      step('upload_expiry', { state: 'failing', host: 'node-1', pid: 12, failures: 4, failing_since: ago(180), error: 'the bucket does not answer', error_time: ago(2) }),
      step('statistics', { state: 'late', every: 10 }),
      step('audit_tally', { error: 'the connection was reset', error_time: ago(60) }),
      step('of_tomorrow'),
    ];
    await renderPage(<JobsView {...common} upkeep={answer(upkeep)} />);
    const rows = within(screen.getByRole('table', { name: 'Upkeep' })).getAllByRole('row').slice(1).map((row) => row.textContent);
    expect(screen.getByText('2 steps need attention.')).toBeDefined();
    expect(rows[0]).toContain('Upload expiryRemoves uploads that nobody finished, with their bytes.First failed 3 hours ago · 4 failed runs · node-1, process 12the bucket does not answer');
    expect(rows[0]).toContain('Failing1 minute ago');
    expect(rows[1]).toContain('It should have run again.');
    expect(rows[1]).toContain('Every 10 sec');
    expect(rows[2]).toContain('Every 10 min1 min 5 sec32 hours ago · 4,031 in allFine1 minute ago');
    expect(rows[3]).toContain('Every 10 min––Has not run yet');
    expect(rows[4]).toContain('Last failed 1 hour agothe connection was reset');
    expect(rows[4]).toContain('12 ms');
    expect(rows[5]).toContain('of_tomorrow');
  });

  test('empty and refused, every part says so', async () => {
    const refused = { data: undefined, error: new ApiError({ status: 500, code: 'UNKNOWN', message: 'internal server error' }), isPlaceholderData: false, refetch: nothing };
    await renderPage(<JobsView {...common} search={{ show: 'failed' }} executions={list([])} schedules={list([])} processes={answer([])} queues={refused} upkeep={answer([])} />);
    expect(screen.getByText('Nothing has failed')).toBeDefined();
    expect(screen.getByText('No schedules')).toBeDefined();
    expect(screen.getByText('No process runs jobs')).toBeDefined();
    expect(screen.getByText('No upkeep is known')).toBeDefined();
    expect(screen.getByRole('alert')).toBeDefined();
  });
});
