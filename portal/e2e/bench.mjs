// How the portal feels on a seeded server, in headless Chromium: what a first visit transfers, when its largest part is
// painted, how much it shifts, and the time from a press to the painted answer on long lists. Fails past a limit.
//
//   BASE_URL=http://127.0.0.1:8080 ADMIN_PASSWORD=… node e2e/bench.mjs
//
// Without BASE_URL it measures the development server with its made-up data. BENCH_FIGURES names a file for the figures.
import { writeFileSync } from 'node:fs';
import { desktop, launch } from './browser.mjs';

const limits = { transfer: 250_000, lcp: 1_500, cls: 0.02, interaction: 100 };
const units = { transfer: 'bytes', lcp: 'ms', cls: 'score', interaction: 'ms' };
const account = { name: process.env.ADMIN_USER ?? process.env.ADMIN_NAME ?? 'admin', password: process.env.ADMIN_PASSWORD ?? 'Roadstead1' };
const own = process.env.BASE_URL ? undefined : await (await import('../dev/server.mjs')).start();
const baseURL = process.env.BASE_URL ?? `http://127.0.0.1:${own.address().port}`;

// What make bench has filled with 100,000 artifacts.
const repository = process.env.BENCH_REPOSITORY ? `/projects/${process.env.BENCH_PROJECT}/repositories/${process.env.BENCH_REPOSITORY}` : undefined;

const pages = { ...(repository && { repository }), 'sign-in': '/sign-in', home: '/', projects: '/projects', search: '/search?q=a', audit: '/audit', 'api-docs': '/api-docs', profile: '/profile' };

/** Collects what the page itself can measure, from before its first script on. */
function watch() {
  window.measured = { lcp: 0, cls: 0, interactions: [] };
  const observe = (type, each, more = {}) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more });
  observe('largest-contentful-paint', (entry) => { window.measured.lcp = entry.startTime; });
  observe('layout-shift', (entry) => { if (!entry.hadRecentInput) window.measured.cls += entry.value; });
  // From the press to the next paint, as the browser itself counts it.
  observe('event', (entry) => { if (entry.interactionId) window.measured.interactions.push(entry.duration); }, { durationThreshold: 16 });
}

async function signIn(page) {
  await page.goto('/sign-in');
  await page.locator('input[name=principal]').fill(account.name);
  await page.locator('input[name=password]').fill(account.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
}

const idle = async (page) => {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('[aria-busy="true"], .mantine-Skeleton-root'));
};

/** Nothing in the cache, as for somebody who comes for the first time, but signed in. */
async function firstVisit(browser, cookies, path) {
  const context = await browser.newContext({ baseURL, viewport: desktop, storageState: cookies });
  const page = await context.newPage();
  await page.addInitScript(watch);
  const session = await context.newCDPSession(page);
  let transfer = 0;
  await session.send('Network.enable');
  const ofPortal = new Map();
  session.on('Network.responseReceived', ({ requestId, response }) => ofPortal.set(requestId, !new URL(response.url).pathname.startsWith('/api/')));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (ofPortal.get(requestId)) transfer += encodedDataLength; });
  await page.goto(path);
  await idle(page);
  await page.waitForTimeout(300);
  const { lcp, cls } = await page.evaluate(() => window.measured);
  await context.close();
  return { transfer, lcp: Math.round(lcp), cls: Math.round(cls * 1000) / 1000 };
}

/** The slowest of the presses of one kind. */
async function press(browser, cookies, path, act) {
  const context = await browser.newContext({ baseURL, viewport: desktop, storageState: cookies });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.addInitScript(watch);
  await page.goto(path);
  await idle(page);
  await page.evaluate(() => { window.measured.interactions = []; });
  await act(page);
  await idle(page);
  await page.waitForTimeout(300);
  const { interactions, cls } = await page.evaluate(() => window.measured);
  await context.close();
  return { interaction: Math.round(Math.max(0, ...interactions)), cls: Math.round(cls * 1000) / 1000 };
}

const presses = {
  ...(repository && {
    'repository: next page': [repository, (page) => page.getByRole('button', { name: 'Next page' }).click()],
    'repository: order by size': [repository, (page) => page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click()],
    'repository: select a page': [repository, (page) => page.getByRole('checkbox').first().click()],
    'repository: filter while typing': [repository, (page) => page.getByRole('searchbox').pressSequentially('v777', { delay: 40 })],
  }),
  'projects: next page': ['/projects', (page) => page.getByRole('button', { name: 'Next page' }).click()],
  'projects: order by name': ['/projects', (page) => page.getByRole('columnheader').first().getByRole('button').click()],
  'projects: filter while typing': ['/projects', (page) => page.getByRole('searchbox').pressSequentially('team', { delay: 40 })],
  'projects: pin': ['/projects', (page) => page.locator('button[aria-pressed]').first().click()],
  'audit: next page': ['/audit', (page) => page.getByRole('button', { name: 'Next page' }).click()],
  'audit: open an entry': ['/audit', (page) => page.locator('button[aria-haspopup=dialog]').first().click()],
  'search: type': ['/search', (page) => page.getByRole('searchbox').pressSequentially('app', { delay: 40 })],
  'api docs: open an operation': ['/api-docs', (page) => page.locator('article button').nth(20).click()],
  'palette: open': ['/', (page) => page.keyboard.press('/')],
};

const browser = await launch();
const faults = [];
const figures = [];
const row = (name, values) => {
  const cells = Object.entries(values).map(([key, value]) => {
    const over = value > limits[key];
    figures.push({ work: name, quantity: key, unit: units[key], value, limit: limits[key] });
    if (over) faults.push(`${name}: ${key} ${value} is over ${limits[key]}`);
    return `${key} ${String(value).padStart(7)}${over ? ' !' : '  '}`;
  });
  console.log(`${name.padEnd(32)} ${cells.join('  ')}`);
};
try {
  const context = await browser.newContext({ baseURL, viewport: desktop });
  const page = await context.newPage();
  await signIn(page);
  const cookies = await context.storageState();
  await context.close();
  console.log(`limits: ${JSON.stringify(limits)} (bytes, ms, score, ms)`);
  for (const [name, path] of Object.entries(pages)) row(name, await firstVisit(browser, name === 'sign-in' ? undefined : cookies, path));
  for (const [name, [path, act]] of Object.entries(presses)) {
    try {
      row(name, await press(browser, cookies, path, act));
    } catch (error) {
      // A list too short to have a next page, for instance: the server is not seeded.
      faults.push(`${name}: not measured, ${error.message.split('\n')[0]}`);
    }
  }
} finally {
  await browser.close();
  own?.closeAllConnections();
  own?.close();
}
if (process.env.BENCH_FIGURES) writeFileSync(process.env.BENCH_FIGURES, JSON.stringify(figures));
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
