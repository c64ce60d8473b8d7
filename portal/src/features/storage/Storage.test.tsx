import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '@/testing/render';
import { checkOf, collectionOf } from './api';
import { CheckForm } from './CheckForm';
import { CollectionForm } from './CollectionForm';
import { Findings } from './Findings';
import { Runs } from './Runs';
import { StorageState } from './StorageState';

const now = new Date('2026-11-21T12:00:00Z');
const times = { creation_time: '2026-11-21T00:00:00.000Z', update_time: '2026-11-21T00:00:00.000Z' };
const answer = <T,>(items: T[]) => ({ data: { items, total: items.length }, error: null, isPlaceholderData: false, refetch: () => undefined });
const freed = { artifacts: 1, blobs: 4, manifests: 2, bytes: 2048 };
const summary = {
  stored: 10_737_418_240, bin: { count: 3, bytes: 1024 }, waiting: { count: 2, bytes: 4096 }, waiting_links: 0, due: { count: 1, bytes: 512 },
  freed_today: freed, freed_30_days: { ...freed, bytes: 1_048_576 }, missing: 0, damaged: 0, paused: false,
};

describe('StorageState', () => {
  test('says what is stored, recoverable, waiting and freed', async () => {
    await renderPage(<StorageState summary={{ data: summary, error: null, refetch: () => undefined }} />);
    for (const text of ['10 GiB', '1 KiB', '4 KiB', '2 KiB', '1 MiB', '3 deleted artifacts']) expect(screen.getByText(text)).toBeDefined();
    expect(screen.getByText(/2 blobs that nothing names, of these due now: 512 B/)).toBeDefined();
    expect(screen.queryByText(/rests/)).toBeNull();
  });

  test('says that it rests', async () => {
    await renderPage(<StorageState summary={{ data: { ...summary, paused: true }, error: null, refetch: () => undefined }} />);
    expect(screen.getByText(/Freeing by itself rests/)).toBeDefined();
  });
});

describe('CollectionForm', () => {
  const schedule = { id: 1, job_kind: '0 0 0 * * 0', job_status: 'Running', ...times, job_parameters: '{"delete_untagged":true,"workers":3}', schedule: { type: 'Weekly', cron: '0 0 0 * * 0' } };

  test('begins with what the server has, and saves what is changed', async () => {
    const onSave = vi.fn(() => Promise.resolve());
    await renderPage(<CollectionForm plan={collectionOf(schedule)} now={now} onSave={onSave} onList={() => Promise.resolve()} onFree={() => undefined} onEmpty={() => undefined} />);
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /without a tag/ }).checked).toBe(true);
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });
    expect(save.disabled).toBe(true);
    fireEvent.change(screen.getByLabelText('Removing at the same time'), { target: { value: '5' } });
    fireEvent.click(save);
    expect(onSave).toHaveBeenCalledWith({ untagged: true, workers: 5, when: { type: 'Weekly', cron: '0 0 0 * * 0' } });
  });

  test('what the server would refuse cannot be sent', async () => {
    await renderPage(<CollectionForm plan={collectionOf(null)} now={now} onSave={() => Promise.resolve()} onList={() => Promise.resolve()} onFree={() => undefined} onEmpty={() => undefined} />);
    fireEvent.change(screen.getByLabelText('Removing at the same time'), { target: { value: '11' } });
    expect(screen.getByText('A whole number from 1 to 10')).toBeDefined();
    for (const name of ['Save', 'List what would go', 'Free now', 'Empty the recycle bin']) expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled).toBe(true);
  });

  test('a refusal is shown where it was asked', async () => {
    const onList = () => Promise.reject(new Error('a job is under way'));
    await renderPage(<CollectionForm plan={collectionOf(null)} now={now} onSave={() => Promise.resolve()} onList={onList} onFree={() => undefined} onEmpty={() => undefined} />);
    fireEvent.click(screen.getByRole('button', { name: 'List what would go' }));
    expect(await screen.findByRole('alert')).toBeDefined();
  });
});

test('CheckForm speaks of MiB and sends no nonsense', async () => {
  const onStart = vi.fn(() => Promise.resolve());
  await renderPage(<CheckForm plan={checkOf(null)} last={undefined} now={now} onSave={() => Promise.resolve()} onStart={onStart} />);
  expect(screen.getByText(/Last check: never/)).toBeDefined();
  fireEvent.click(screen.getByRole('checkbox', { name: /Read all blobs/ }));
  fireEvent.click(screen.getByRole('button', { name: 'Check now' }));
  expect(onStart).toHaveBeenCalledWith(expect.objectContaining({ verify: true, rate: 50 }));
  fireEvent.change(screen.getByLabelText('Read at most'), { target: { value: '0' } });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Check now' }).disabled).toBe(true);
});

test('CheckForm says how far a check is', async () => {
  const last = { id: 9, job_kind: 'MANUAL', job_status: 'Running', ...times, schedule: { type: 'Manual' }, job_parameters: '{}', progress: { tasks: 1, ended: 0, done: 5, total: 20, bytes: 4096, rate: 1024 } };
  await renderPage(<CheckForm plan={checkOf(null)} last={last} now={now} onSave={() => Promise.resolve()} onStart={() => Promise.resolve()} />);
  expect(screen.getByText('5 of 20 · 4 KiB · 1 KiB/s')).toBeDefined();
});

test('Runs tell what went and what would go, and can be stopped', async () => {
  const onStop = vi.fn();
  const runs = [
    { id: 9, job_kind: 'MANUAL', job_status: 'Running', ...times, schedule: { type: 'Manual' }, job_parameters: '{"workers":1}', progress: { tasks: 1, ended: 0, done: 5, total: 20, bytes: 4096, rate: 1024 } },
    { id: 8, job_kind: 'SCHEDULE', job_status: 'Success', ...times, schedule: { type: 'Manual' }, job_parameters: '{"dry_run":true,"freed_space":2048,"purged_blobs":1000,"purged_manifests":7}' },
  ];
  await renderPage(<Runs runs={answer(runs)} page={1} onPage={() => undefined} onStop={onStop} />);
  expect(screen.getByText('2 KiB would be freed')).toBeDefined();
  expect(screen.getByText('1,000 blobs, 7 manifests')).toBeDefined();
  expect(screen.getByText('5 of 20 · 4 KiB · 1 KiB/s')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(onStop).toHaveBeenCalledWith(9);
});

describe('Findings', () => {
  const finding = {
    digest: `sha256:${'a'.repeat(64)}`, kind: 'missing', size: 1024, detail: '', found_at: times.creation_time, seen_at: times.creation_time, artifact_count: 3,
    artifacts: [{ repository_name: 'library/app', digest: `sha256:${'b'.repeat(64)}`, tag: 'v1' }, { repository_name: 'library/web', digest: `sha256:${'c'.repeat(64)}` }],
  };

  test('name what cannot be pulled', async () => {
    await renderPage(<Findings findings={answer([finding])} checked page={1} onPage={() => undefined} />);
    expect(screen.getByText('is missing')).toBeDefined();
    expect(screen.getByText('library/app:v1')).toBeDefined();
    expect(screen.getByText(/^library\/web@/)).toBeDefined();
    expect(screen.getByText('and 1 more')).toBeDefined();
  });

  test('that there are none means nothing before a check', async () => {
    await renderPage(<Findings findings={answer([])} checked={false} page={1} onPage={() => undefined} />);
    expect(screen.getByText('Not checked yet')).toBeDefined();
  });

  test('that there are none is good after one', async () => {
    await renderPage(<Findings findings={answer([])} checked page={1} onPage={() => undefined} />);
    expect(screen.getByText('Nothing is wrong')).toBeDefined();
  });
});
