import { ask } from './ask.mjs';
import { assertAccessible, assertFits, desktop, look, phone, settled, shoot } from './browser.mjs';
import { step } from './report.mjs';
import { prefer, signIn } from './walk.mjs';

const languages = ['en', 'zh-CN'];
const themes = ['light', 'dark'];
const widths = [desktop, phone];
/** The development server knows nothing of what was deleted. */
const live = process.env.BASE_URL !== undefined;

/** Every page in every language, theme and width: accessible, and no wider than the window. */
export async function walkPages(page, account, made) {
  const signedIn = {
    home: '/',
    projects: '/projects',
    'projects-empty': '/projects?q=nothing-is-called-so',
    'project-empty': `/projects/${made.project}`,
    members: `/projects/${made.project}/members`,
    activity: `/projects/${made.project}/activity`,
    settings: `/projects/${made.project}/settings`,
    robots: `/projects/${made.project}/robots`,
    policies: `/projects/${made.project}/policies`,
    labels: `/projects/${made.project}/labels`,
    ...(live ? { 'recycle-bin': `/projects/${made.project}/recycle-bin`, 'recycle-bin-all': '/recycle-bin?show=repositories', 'deleted-projects': '/recycle-bin?show=projects' } : {}),
    'system-robots': '/robots',
    'global-labels': '/labels',
    quotas: '/quotas',
    registries: '/registries',
    'registries-unreachable': '/registries?show=unhealthy',
    'quotas-full': '/quotas?show=full',
    'admin-settings': '/settings',
    users: '/users',
    audit: '/audit',
    profile: '/profile',
    jobs: '/jobs',
    'jobs-running': '/jobs?show=running',
    purge: '/audit/purge',
    storage: '/storage',
    'storage-check': '/storage?tab=check',
    replication: '/replication',
    'replication-failed': '/replication?show=failed',
    'search-help': '/search',
    search: `/search?q=${made.project}`,
    health: '/health',
    'api-docs': '/api-docs',
    'api-operation': '/api-docs?q=member&entry=createProjectMember',
    'projects-mine': '/projects?show=mine',
    'audit-refused': '/audit?result=refused&from=2026-01-01',
    'not-found': '/nowhere',
    'project-missing': '/projects/does-not-exist',
    ...(made.repository ? { repository: made.repository, project: made.repository.replace(/\/repositories\/.*/, '') } : {}),
    ...(made.repository ? { 'repository-untagged': `${made.repository}?show=untagged`, 'repository-nothing': `${made.repository}?q=nothing-is-called-so` } : {}),
    ...(live && made.repository ? { history: `${made.repository}/-/history`, 'history-nothing': `${made.repository}/-/history?q=nothing-is-called-so` } : {}),
    ...(made.comparison ? { comparison: made.comparison, 'comparison-missing': `${made.repository}/-/compare/nowhere...v1` } : {}),
    ...(made.artifact
      ? { artifact: made.artifact, 'artifact-tags': `${made.artifact}?tab=tags`, 'artifact-referrers': `${made.artifact}?tab=referrers`, 'artifact-manifest': `${made.artifact}?tab=manifest` }
      : {}),
    ...(await chartPages(page)),
  };
  await see(page, signedIn);

  await page.setViewportSize(desktop);
  await look(page, 'en', 'light');
  await step('signing out ends the session', async () => {
    await page.goto('/');
    await settled(page);
    await page.getByRole('button', { name: `Account of ${account.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goto('/users');
    await page.waitForURL('**/sign-in?next=*');
  });
  await step('the new user signs in and is told that users are for administrators', async () => {
    await signIn(page, { name: made.user, password: made.password });
    await page.waitForURL('**/users');
    await page.getByText('You may not see this').waitFor();
  });
  await see(page, { denied: '/users', 'home-member': '/' });
  await step('a maintainer sees the members and no way to add one', async () => {
    await page.setViewportSize(desktop);
    await look(page, 'en', 'light');
    await page.goto(`/projects/${made.project}/members`);
    await page.getByRole('cell', { name: made.user }).first().waitFor();
    await settled(page);
    if ((await page.getByRole('button', { name: 'Add member' }).count()) > 0) throw new Error('there is a button that the server would refuse');
  });
  await step('what was made can be deleted, the project by its name', async () => {
    await page.getByRole('button', { name: `Account of ${made.user}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await signIn(page, account);
    await page.waitForURL((url) => url.pathname === '/');
    await prefer(page, made.preferences);
    await page.goto(`/projects/${made.project}/settings`);
    await page.getByRole('button', { name: 'Delete project' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(made.project);
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/projects');
    await page.goto(`/users?q=${made.user}`);
    await page.getByRole('button', { name: `Actions for ${made.user}` }).click();
    await page.getByRole('menuitem', { name: 'Delete user' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nobody matches').waitFor();
  });
  await page.context().clearCookies();
  await see(page, { 'sign-in': '/sign-in', 'sign-up': '/sign-up', 'projects-anonymous': '/projects' });
}

/** A Helm chart, where there is one, has pages that an image does not have. */
async function chartPages(page) {
  const { answer } = await ask(page, 'GET', `/search/items?q=${encodeURIComponent('repo:charts tag:0')}`);
  const tag = answer?.tags?.[0];
  if (!tag) return {};
  const [project, ...repository] = tag.repository_name.split('/');
  const chart = `/projects/${project}/repositories/${repository.join('/')}/-/tags/${tag.name}`;
  return { chart, 'chart-readme': `${chart}?tab=readme`, 'chart-values': `${chart}?tab=values`, 'chart-files': `${chart}?tab=files`, 'chart-dependencies': `${chart}?tab=dependencies` };
}

async function see(page, pages) {
  for (const language of languages) {
    for (const theme of themes) {
      await look(page, language, theme);
      for (const [name, path] of Object.entries(pages)) {
        await step(`${name}, ${language}, ${theme}`, async () => {
          await page.setViewportSize(desktop);
          await page.goto(path);
          await settled(page);
          for (const size of widths) {
            await page.setViewportSize(size);
            await shoot(page, `${name}-${language}-${theme}-${size.width}`);
            await assertFits(page);
            await assertAccessible(page);
          }
        });
      }
    }
  }
}
