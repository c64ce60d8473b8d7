import { QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { client } from '@/api/client';
import { createQueryClient } from './queryClient';
import { useConnection } from './useConnection';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** In steps: effects run between them. */
async function pass(ms: number) {
  for (let at = 0; at <= ms; at += 500) await act(() => vi.advanceTimersByTimeAsync(Math.min(500, ms)));
}

/** What each path is answered, which a test may change. */
function serve(answers: Record<string, () => Response>) {
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((path) => {
    const name = (path as string).replace('/api/v2.0/', '');
    asked.push(name);
    return Promise.resolve(answers[name]?.() ?? fine());
  });
  const queryClient = createQueryClient(() => undefined);
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
  const { result } = renderHook(() => useConnection(), { wrapper });
  const times = (name: string) => asked.filter((a) => a === name).length;
  const ask = (name: string) => {
    void queryClient.prefetchQuery({ queryKey: [name], queryFn: () => client.text(`/${name}`), retry: queryClient.getDefaultOptions().queries?.retry ?? false });
  };
  return { queryClient, connection: () => result.current.connection, ask, times };
}

const fine = () => new Response('Pong');
const proxy = () => new Response('<h1>502 Bad Gateway</h1>', { status: 502 });
const problem = JSON.stringify({ errors: [{ code: 'SERVICE_UNAVAILABLE', message: 'not now' }] });
const outage = () => new Response(problem, { status: 503, headers: { 'Retry-After': '5' } });
const refusal = () => new Response(problem, { status: 503 });

test.each([
  ['a proxy', proxy],
  ['the server', outage],
])('%s says that nobody is there, until the server answers again', async (_, away) => {
  const answers = { first: away, second: fine, ping: away };
  const s = serve(answers);
  s.ask('first');
  await pass(10_000);
  expect(s.connection()).toBe('lost');

  s.ask('second'); // by itself it does not bring the first one back
  await pass(0);
  expect(s.connection()).toBe('lost');

  const invalidate = vi.spyOn(s.queryClient, 'invalidateQueries');
  answers.first = answers.ping = fine;
  await pass(30_000);
  expect(s.connection()).toBe('fine');
  expect(invalidate).toHaveBeenCalledOnce();
});

test('an answer makes it ask whether the rest can be had again', async () => {
  const answers = { first: proxy, second: fine, ping: proxy };
  const s = serve(answers);
  s.ask('first');
  await pass(45_000);
  expect(s.connection()).toBe('lost');
  const pings = s.times('ping');
  answers.ping = fine;
  await pass(5_000); // it waits for 22 seconds by now
  expect(s.times('ping')).toBe(pings);
  s.ask('second');
  await pass(0);
  expect(s.times('ping')).toBe(pings + 1);
  expect(s.connection()).toBe('fine');
});

test('a refusal of the server that is there is asked for once', async () => {
  const s = serve({ first: refusal, ping: fine });
  s.ask('first');
  await pass(60_000);
  expect(s.connection()).toBe('fine');
  expect(s.times('first')).toBe(1);
  expect(s.times('ping')).toBe(0);
});
