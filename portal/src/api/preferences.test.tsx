import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { client } from './client';
import { keys } from './keys';
import { mostPins, usePins } from './preferences';

let stored: { pinned_projects: number[]; theme?: string };
const put = vi.fn<(body: unknown) => Promise<void>>();

function renderPins() {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  queryClient.setQueryData(keys.currentUser, { user_id: 1 });
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
  return renderHook(usePins, { wrapper }).result;
}

describe('usePins', () => {
  beforeEach(() => {
    stored = { pinned_projects: [7], theme: 'dark' };
    put.mockReset().mockResolvedValue();
    vi.spyOn(client, 'json').mockImplementation(() => Promise.resolve(stored));
    vi.spyOn(client, 'done').mockImplementation((_path, { body }) => put(body));
  });

  test('a pin goes first, at once, and keeps the other choices', async () => {
    const pins = renderPins();
    await waitFor(() => expect(pins.current.pins).toEqual([7]));
    act(() => pins.current.toggle(3));
    await waitFor(() => expect(pins.current.pins).toEqual([3, 7]));
    expect(put).toHaveBeenCalledWith({ pinned_projects: [3, 7], theme: 'dark' });
  });

  test('a second press takes it away', async () => {
    const pins = renderPins();
    await waitFor(() => expect(pins.current.pins).toEqual([7]));
    act(() => pins.current.toggle(7));
    await waitFor(() => expect(pins.current.pins).toEqual([]));
  });

  test('what the server refuses comes back', async () => {
    put.mockRejectedValue(new Error('no'));
    const refused = vi.fn();
    const pins = renderPins();
    await waitFor(() => expect(pins.current.pins).toEqual([7]));
    act(() => pins.current.toggle(3, refused));
    await waitFor(() => expect(refused).toHaveBeenCalledOnce());
    expect(pins.current.pins).toEqual([7]);
  });

  test('the oldest makes room when there are too many', async () => {
    stored = { pinned_projects: Array.from({ length: mostPins }, (_, i) => i + 1) };
    const pins = renderPins();
    await waitFor(() => expect(pins.current.pins).toHaveLength(mostPins));
    act(() => pins.current.toggle(99));
    await waitFor(() => expect(pins.current.pins?.[0]).toBe(99));
    expect(pins.current.pins).toHaveLength(mostPins);
    expect(pins.current.pins).not.toContain(mostPins);
  });
});
