import { desktop, settled, tick } from '../browser.mjs';
import { wanted } from '../ask.mjs';

const image = '/projects/harbour/repositories/team/hello';

/** Every picture: who looks, and what there is to be seen when it is taken. `path`: elsewhere than with the guides. */
export const pictures = [
  { name: 'portal', path: 'pictures/portal.png', take: (page) => whole(page, `${image}/-/tags/v2`) },
  { name: 'project-new', take: async (page, t) => {
    await page.goto('/projects?new=project');
    await page.getByRole('dialog').getByRole('textbox').first().fill('harbour');
    return ofDialog(page, t('projects.create'));
  } },
  { name: 'project-empty', take: async (page, t) => {
    await visit(page, '/projects/first');
    return ofMain(page, page.getByRole('region', { name: t('projects.push') }));
  } },
  { name: 'repository', take: (page) => ofPage(page, image) },
  { name: 'artifact', take: (page) => ofPage(page, `${image}/-/tags/v2`) },
  { name: 'compare', take: async (page, t) => {
    await visit(page, `${image}/-/compare/v1...v2`, 1300);
    return ofMain(page, page.getByRole('region', { name: t('artifacts.layers') }));
  } },
  { name: 'members', take: (page) => ofPage(page, '/projects/harbour/members') },
  { name: 'roles', take: async (page, t) => {
    await visit(page, '/projects/harbour/members');
    await page.getByRole('button', { name: t('members.roles') }).click();
    await page.getByRole('rowheader', { name: t('members.can.pull') }).waitFor();
    return ofBox(page, page.getByRole('table').filter({ hasText: t('members.can.pull') }).locator('..'), 0);
  } },
  { name: 'denied', as: 'guest', take: (page) => ofPage(page, '/projects/harbour/policies') },
  { name: 'project-settings', take: async (page, t) => {
    await visit(page, '/projects/harbour/settings');
    await page.getByRole('switch', { name: t('projects.publicSwitch') }).press('Space');
    const changes = page.getByRole('region', { name: t('changes.title') });
    await changes.waitFor();
    await blur(page);
    return ofMain(page, changes);
  } },
  { name: 'robots', take: (page) => ofPage(page, '/projects/harbour/robots') },
  { name: 'robot-new', take: async (page, t) => {
    await openRobotForm(page, t);
    return ofDialog(page, t('robots.create'));
  } },
  { name: 'robot-secret', take: async (page, t) => {
    await openRobotForm(page, t);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: t('robots.createAndShow') }).click();
    await dialog.getByText(t('robots.secret.once')).waitFor();
    const taken = await ofDialog(page, t('robots.secret.title', { name: 'robot$harbour+release' }));
    await tick(dialog.getByRole('checkbox'));
    await dialog.getByRole('button', { name: t('robots.secret.done') }).click();
    const robots = (await wanted(page, 'GET', `/robots?q=${encodeURIComponent(`Level=project,ProjectID=${await idOf(page)}`)}`)).answer;
    const robot = robots.find((each) => each.name.endsWith('+release'));
    await wanted(page, 'DELETE', `/robots/${robot.id}`);
    return taken;
  } },
  { name: 'rules', take: (page) => ofPage(page, '/projects/harbour/policies') },
  { name: 'rule-new', take: async (page, t) => {
    await visit(page, '/projects/harbour/policies');
    await page.getByRole('button', { name: t('policies.create') }).click();
    await page.getByRole('dialog').getByText(t('policies.preview')).first().waitFor();
    await settled(page);
    return ofDialog(page, t('policies.create'));
  } },
  { name: 'retention-new', take: async (page, t) => {
    await visit(page, '/projects/harbour/policies');
    await page.getByRole('button', { name: t('retention.create') }).click();
    await page.getByRole('dialog').getByRole('combobox').first().waitFor();
    await settled(page);
    return ofDialog(page, t('retention.create'));
  } },
  { name: 'replication', take: (page) => ofPage(page, '/replication') },
  { name: 'storage', take: (page) => ofPage(page, '/storage') },
  { name: 'labels', take: (page) => ofPage(page, '/projects/harbour/labels') },
  { name: 'quotas', take: (page) => ofPage(page, '/quotas') },
  { name: 'audit', take: (page) => ofPage(page, '/audit') },
  { name: 'activity', take: (page) => ofPage(page, '/projects/harbour/activity') },
  { name: 'search', take: (page) => ofPage(page, '/search?q=harbour') },
  { name: 'api', take: (page) => ofPage(page, '/api-docs?q=project+member&entry=createProjectMember') },
];

async function visit(page, path, height = desktop.height) {
  await page.setViewportSize({ ...desktop, height });
  await page.goto(path);
  await settled(page);
  await blur(page);
}

/** Neither a ring around what was clicked nor a blinking line. */
const blur = (page) => page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());

async function whole(page, path) {
  await visit(page, path);
  return page.screenshot();
}

async function ofPage(page, path) {
  await visit(page, path);
  return ofMain(page);
}

/** The page's own part of the window, down to the end of a part of it, or to where it ends itself. */
async function ofMain(page, last = undefined) {
  const margin = 24;
  const main = await page.getByRole('main').boundingBox();
  const { height } = page.viewportSize();
  const parts = last === undefined ? page.locator('main > div > *') : last;
  const ends = await parts.evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().bottom));
  return page.screenshot({ clip: { x: main.x, y: main.y, width: desktop.width - main.x, height: Math.min(Math.max(...ends) + margin, height) - main.y } });
}

/** A dialog, with a little of the page around it. */
async function ofDialog(page, name) {
  await blur(page);
  return ofBox(page, page.getByRole('dialog', { name }), 16);
}

async function ofBox(page, locator, margin) {
  await page.setViewportSize({ ...desktop, height: 1200 });
  await settled(page);
  const box = await locator.boundingBox();
  return page.screenshot({ clip: { x: box.x - margin, y: Math.max(box.y - margin, 0), width: box.width + 2 * margin, height: box.height + 2 * margin } });
}

async function openRobotForm(page, t) {
  await visit(page, '/projects/harbour/robots');
  await page.getByRole('button', { name: t('robots.create') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('robots.name'), { exact: false }).first().fill('release');
  await dialog.getByLabel(t('robots.description')).fill('Releases of team/hello');
}

const idOf = async (page) => (await wanted(page, 'GET', '/projects/harbour')).answer.project_id;
