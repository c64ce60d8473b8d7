// A development server with made-up data: the part of /api/v2.0 that the portal uses, in Harbor's shapes, and the
// built portal under the same content security policy as the real server's. For development, screenshots and the
// browser walk without a server; nothing of it is shipped.
//
//   PORT=18100 node dev/server.mjs      accounts: admin, mei.lin, jonas… with password Roadstead1
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { seed } from './data.mjs';
import { routes } from './routes.mjs';
import { serveFile } from './static.mjs';
import { Refusal, refuse } from './refusal.mjs';

export function start(port = 0) {
  const state = { ...seed(), sessions: new Map() };
  const server = createServer((request, response) => void answer(state, request, response));
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

async function answer(state, request, response) {
  const url = new URL(request.url, 'http://127.0.0.1');
  const path = url.pathname;
  const requestId = request.headers['x-request-id'] ?? randomUUID();
  response.setHeader('X-Request-Id', requestId);
  if (!/^\/(api|c|v2|service)\//.test(path)) return serveFile(path, request, response);
  try {
    const session = sessionOf(state, request, response);
    checkCsrf(session, request);
    const body = await readBody(request);
    const user = state.users.find((each) => each.user_id === session.userId) ?? null;
    for (const [method, pattern, handle] of routes) {
      const match = request.method === method && pattern.exec(path);
      if (!match) continue;
      const parts = match.slice(1).map((part) => decodeURIComponent(decodeURIComponent(part)));
      return send(response, await handle({ state, user, session, body, query: url.searchParams, request }, ...parts));
    }
    throw refuse(501, 'NOT_IMPLEMENTED', `${request.method} ${path} is not made yet`);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : refuse(500, 'UNKNOWN', 'internal server error');
    if (!(error instanceof Refusal)) console.error(error);
    send(response, { status: refusal.status, body: { errors: [{ code: refusal.code, message: refusal.message }] } });
  }
}

function sessionOf(state, request, response) {
  const sid = /(?:^|; )sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  let session = state.sessions.get(sid);
  if (!session) {
    const id = randomUUID();
    session = { id, csrf: randomUUID(), userId: 0 };
    state.sessions.set(id, session);
    response.setHeader('Set-Cookie', `sid=${id}; Path=/; HttpOnly; SameSite=Strict`);
  }
  response.setHeader('X-Harbor-CSRF-Token', session.csrf);
  return session;
}

function checkCsrf(session, request) {
  if (['GET', 'HEAD'].includes(request.method)) return;
  if (request.headers['x-harbor-csrf-token'] !== session.csrf) throw refuse(403, 'FORBIDDEN', 'CSRF token not found in request');
}

async function readBody(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  if (text === '') return {};
  if ((request.headers['content-type'] ?? '').includes('form')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(422, 'UNPROCESSABLE_ENTITY', 'the body is not JSON');
  }
}

function send(response, { status = 200, body, headers = {}, text }) {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (text !== undefined) return response.end(text);
  if (body === undefined) return response.end();
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(`${JSON.stringify(body)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await start(Number(process.env.PORT ?? 18100));
  console.log(`portal with made-up data on http://127.0.0.1:${server.address().port} (admin / Roadstead1)`);
}
