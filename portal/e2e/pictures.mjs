// Takes the pictures of docs/guide and docs/pictures from a real server that withserver has furnished for it:
//
//   build/tools/withserver npm --prefix portal run pictures
//
// It fills that server with people, projects and rules, so it is not for one that is in use. Names of pictures as arguments: only those.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { desktop, launch, look, settled } from './browser.mjs';
import { furnish, people } from './pictures/furnish.mjs';
import { pictures } from './pictures/list.mjs';
import { textsOf } from './pictures/texts.mjs';
import { signIn } from './walk.mjs';

const most = 150 * 1024;
const host = 'registry.example.com';
const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const server = new URL(process.env.BASE_URL);
const account = { name: process.env.ADMIN_USER ?? 'admin', password: process.env.ADMIN_PASSWORD };
const wanted = process.argv.slice(2);

// Under the name that the guides use, so that the commands in the pictures are theirs.
const browser = await launch([`--host-resolver-rules=MAP ${host}:80 ${server.host}`, `--unsafely-treat-insecure-origin-as-secure=http://${host}`]);
try {
  const admin = await open(account);
  await furnish(admin);
  const guest = await open(people.guest);
  for (const language of ['en', 'zh-CN']) {
    const to = join(docs, 'guide/pictures', language);
    mkdirSync(to, { recursive: true });
    for (const { name, as, take, path } of pictures) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      if (path && language !== 'en') continue;
      const page = as === 'guest' ? guest : admin;
      await look(page, language, 'light');
      const image = await take(page, textsOf(language));
      if (image.length > most) throw new Error(`${name} has ${Math.round(image.length / 1024)} KiB; crop it to ${most / 1024}`);
      writeFileSync(path ? join(docs, path) : join(to, `${name}.png`), image);
      console.log(`${language} ${name}: ${Math.round(image.length / 1024)} KiB`);
    }
  }
} finally {
  await browser.close();
}

/** A signed-in page an hour and a half from now: what was made a moment ago is "1 hour ago" in every picture. */
async function open({ name, password }) {
  const context = await browser.newContext({ baseURL: `http://${host}`, viewport: desktop, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.clock.setFixedTime(Date.now() + 90 * 60_000);
  await page.addInitScript(timeless);
  await page.goto('/sign-in');
  await signIn(page, { name, password });
  await page.waitForURL((url) => url.pathname === '/');
  await settled(page);
  return page;
}

/** Runs in the page: the version of the day belongs into no guide, nor does a secret. */
function timeless() {
  const { fetch } = window;
  window.fetch = async (...request) => {
    const response = await fetch(...request);
    const path = new URL(response.url, location.href).pathname;
    const edit = { '/api/v2.0/systeminfo': { harbor_version: undefined }, '/api/v2.0/robots': { secret: 'Exemplary0Secret0ShownOnlyOnce00' } }[path];
    const body = edit && response.ok ? await response.clone().json() : undefined;
    if (body === undefined || Array.isArray(body)) return response;
    return new Response(JSON.stringify({ ...body, ...edit }), response);
  };
}
