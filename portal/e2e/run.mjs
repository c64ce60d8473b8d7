// The browser walk: what somebody does in the portal, what goes wrong meanwhile, what each role sees, then every page in both
// languages, both themes and two widths.
//
//   BASE_URL=http://127.0.0.1:8080 ADMIN_PASSWORD=… SCREENSHOT_DIR=… npm run e2e
//
// Without BASE_URL it walks through the development server with its made-up data, as far as that goes. With names of parts, it
// does only those:
//
//   npm run e2e -- nouns trouble roles pages
import { launch, openPage } from './browser.mjs';
import { walkPages } from './pages.mjs';
import { finish, step } from './report.mjs';
import { walkRoles } from './roles.mjs';
import { walkTrouble } from './trouble.mjs';
import { signIn, walk } from './walk.mjs';
import { walkArtifacts } from './walks/artifacts.mjs';
import { walkEveryday } from './walks/everyday.mjs';
import { walkJobs } from './walks/jobs.mjs';
import { walkLabels } from './walks/labels.mjs';
import { walkPeople, walkSignUp } from './walks/people.mjs';
import { walkPolicies } from './walks/policies.mjs';
import { walkProfile } from './walks/profile.mjs';
import { walkRegistries } from './walks/registries.mjs';
import { walkReplication } from './walks/replication.mjs';
import { walkRetention } from './walks/retention.mjs';
import { walkRobots } from './walks/robots.mjs';
import { walkSettings } from './walks/settings.mjs';
import { walkStorage } from './walks/storage.mjs';
import { walkUndo } from './walks/undo.mjs';

const nouns = [
  walkPeople, walkArtifacts, walkLabels, walkPolicies, walkRobots, walkSettings, walkEveryday,
  (page, _, account) => walkSignUp(page, account, signIn),
];

const parts = process.argv.slice(2);
const wanted = (part) => parts.length === 0 || parts.includes(part);

const own = process.env.BASE_URL ? undefined : await (await import('../dev/server.mjs')).start();
const baseURL = process.env.BASE_URL ?? `http://127.0.0.1:${own.address().port}`;
const account = { name: process.env.ADMIN_USER ?? 'admin', password: process.env.ADMIN_PASSWORD ?? 'Roadstead1' };

const browser = await launch();
try {
  const { page, faults } = await openPage(browser, baseURL);
  const made = await walk(page, account);
  if (wanted('nouns')) for (const walkNoun of nouns) await walkNoun(page, made, account);
  if (!own) {
    // The development server neither ends sessions nor refuses much, and runs no jobs.
    if (wanted('nouns') || wanted('jobs')) await walkJobs(page);
    if (wanted('nouns') || wanted('storage')) await walkStorage(page);
    if (wanted('nouns') || wanted('registries')) await walkRegistries(page, made, account);
    if (wanted('nouns') || wanted('replication')) await walkReplication(page);
    if (wanted('nouns') || wanted('retention')) await walkRetention(page, made);
    if (wanted('nouns') || wanted('undo')) await walkUndo(page, made);
    if (wanted('nouns')) await walkProfile(page, made, account);
    if (wanted('trouble')) await walkTrouble(browser, baseURL, page, account, made);
    if (wanted('roles')) await walkRoles(browser, baseURL, page, made);
  }
  if (wanted('pages')) await walkPages(page, account, made);
  await step('the browser reported no error', () => {
    if (faults.length > 0) throw new Error([...new Set(faults)].join('\n      '));
  });
} finally {
  await browser.close();
  own?.closeAllConnections();
  own?.close();
}
finish();
