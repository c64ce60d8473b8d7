import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = process.env.PORTAL_DIST ?? fileURLToPath(new URL('../dist', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json' };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The built portal, as handler.go serves it. */
export async function serveFile(path, request, response) {
  const wanted = normalize(decodeURIComponent(path));
  const isFile = wanted.startsWith('/assets/') || /^\/[^/]+\.[a-z0-9]+$/.test(wanted);
  const name = isFile ? wanted : '/index.html';
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Content-Type', types[extname(name)] ?? 'application/octet-stream');
  try {
    response.end(await readFile(join(dist, name)));
  } catch {
    response.statusCode = 404;
    response.end('not built: run npm run build');
  }
}
