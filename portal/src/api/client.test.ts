import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '@/lib/problem';
import { Client, repositoryInPath } from './client';

interface Seen {
  method: string;
  url: string;
  token: string | null;
  body: unknown;
}

const seen: Seen[] = [];

/** Answers each request with what `answer` makes of it. */
function server(answer: (request: Seen) => Response) {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const request = { method: init.method ?? 'GET', url, token: headers.get('X-Harbor-CSRF-Token'), body: init.body };
    seen.push(request);
    return answer(request);
  });
}

const reply = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

beforeEach(() => {
  seen.length = 0;
});

describe('CSRF', () => {
  test('a first change asks for the cookie, then for its token, and sends the token', async () => {
    server(({ method }) => reply(method === 'POST' ? 201 : 200, {}, seen.length === 2 ? { 'X-Harbor-CSRF-Token': 'fresh' } : {}));
    await new Client().done('/projects', { method: 'POST', body: { project_name: 'x' } });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/v2.0/systeminfo',
      'GET /api/v2.0/systeminfo',
      'POST /api/v2.0/projects',
    ]);
    expect(seen[2]?.token).toBe('fresh');
  });

  test('the newest token is used and reading sends none', async () => {
    let count = 0;
    server(() => reply(200, {}, { 'X-Harbor-CSRF-Token': `token-${++count}` }));
    const client = new Client();
    await client.json('/a');
    await client.json('/b');
    await client.done('/c', { method: 'DELETE' });
    expect(seen.map(({ token }) => token)).toEqual([null, null, 'token-2']);
  });

  test('a stale token is replaced once', async () => {
    server(({ method, token }) =>
      method === 'POST' && token === 'old'
        ? reply(403, { errors: [{ code: 'FORBIDDEN', message: 'CSRF token not found in request' }] }, { 'X-Harbor-CSRF-Token': 'new' })
        : reply(200, {}, { 'X-Harbor-CSRF-Token': method === 'GET' ? 'old' : 'new' }),
    );
    const client = new Client();
    await client.json('/users/current');
    await client.done('/projects', { method: 'POST' });
    expect(seen.map(({ token }) => token)).toEqual([null, 'old', 'new']);
  });

  test('a refusal of another kind is not tried again', async () => {
    server(() => reply(403, { errors: [{ code: 'FORBIDDEN', message: 'forbidden' }] }, { 'X-Harbor-CSRF-Token': 't' }));
    const client = new Client();
    await expect(client.json('/a')).rejects.toMatchObject({ status: 403 });
    await expect(client.done('/b', { method: 'POST' })).rejects.toMatchObject({ message: 'forbidden' });
    expect(seen).toHaveLength(2);
  });
});

describe('problems', () => {
  test('the first error and the request id are kept', async () => {
    server(() => reply(409, { errors: [{ code: 'CONFLICT', message: 'already there' }] }, { 'X-Request-Id': 'r-1', 'X-Harbor-CSRF-Token': 't' }));
    const problem: unknown = await new Client().json('/projects').catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiError);
    expect(problem).toMatchObject({ status: 409, code: 'CONFLICT', message: 'already there', requestId: 'r-1' });
  });

  test('the page of a proxy in between is not shown as a message', async () => {
    server(() => new Response('<html>Bad gateway</html>', { status: 502 }));
    await expect(new Client().json('/projects')).rejects.toMatchObject({ status: 502, message: '' });
  });

  test('no answer at all is status 0', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(new Client().json('/projects')).rejects.toMatchObject({ status: 0 });
  });
});

test('lists carry their total, empty ones may be null, and empty filters are left out', async () => {
  server(() => reply(200, [{ id: 1 }], { 'X-Total-Count': '120' }));
  expect(await new Client().page('/projects', { query: { page: 2, q: '', public: undefined, with: false } })).toEqual({ items: [{ id: 1 }], total: 120 });
  expect(seen[0]?.url).toBe('/api/v2.0/projects?page=2&with=false');
  server(() => reply(200, null));
  expect(await new Client().page('/projects')).toEqual({ items: [], total: 0 });
});

test('a repository is encoded twice in a path', () => {
  expect(repositoryInPath('team/app')).toBe('team%252Fapp');
});
