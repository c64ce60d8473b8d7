// The browser walk: what somebody does in the portal, then every page in both languages, both themes and two widths.
//
//   BASE_URL=http://127.0.0.1:8080 ADMIN_PASSWORD=… SCREENSHOT_DIR=… npm run e2e
//
// Without BASE_URL it walks through the development server with its made-up data.
import { launch, openPage } from './browser.mjs';
import { walkPages } from './pages.mjs';
import { finish, step } from './report.mjs';
import { walk } from './walk.mjs';

const own = process.env.BASE_URL ? undefined : await (await import('../dev/server.mjs')).start();
const baseURL = process.env.BASE_URL ?? `http://127.0.0.1:${own.address().port}`;
const account = { name: process.env.ADMIN_NAME ?? 'admin', password: process.env.ADMIN_PASSWORD ?? 'Roadstead1' };

const browser = await launch();
try {
  const { page, faults } = await openPage(browser, baseURL);
  const made = await walk(page, account);
  await walkPages(page, account, made);
  await step('the browser reported no error', () => {
    if (faults.length > 0) throw new Error([...new Set(faults)].join('\n      '));
  });
} finally {
  await browser.close();
  own?.closeAllConnections();
  own?.close();
}
finish();
