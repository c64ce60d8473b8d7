import { wanted } from './ask.mjs';
import { assertAccessible, assertFits, desktop, look, phone, settled, shoot } from './browser.mjs';
import { step } from './report.mjs';

const suffix = Date.now().toString(36);
const made = { project: `walk-${suffix}`, user: `walker-${suffix}`, password: 'Anchor-2026' };

export async function signIn(page, { name, password }) {
  await page.getByLabel('User name').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The main job of the portal, step by step; says what it made. */
export async function walk(page, account) {
  await page.goto('/sign-in');
  await look(page, 'en', 'light');

  await step('a page behind the sign-in leads there and back', async () => {
    await page.goto('/profile?tab=x');
    await page.waitForURL('**/sign-in?next=*');
  });
  await step('a wrong password is refused with words', async () => {
    await signIn(page, { ...account, password: 'wrong-Password-1' });
    await page.getByRole('alert').waitFor();
    await assertAccessible(page);
  });
  await step('signing in returns to the page left', async () => {
    await signIn(page, account);
    await page.waitForURL('**/profile*');
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    // What the account prefers comes with it and would win over the looks that are walked through.
    made.preferences = (await wanted(page, 'GET', '/users/current/preferences')).answer;
    await prefer(page, { ...made.preferences, language: '', theme: '' });
    await page.reload();
    await settled(page);
  });
  await step('a project is created', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL('**/projects');
    await page.getByRole('button', { name: 'New project' }).first().click();
    await page.getByRole('dialog').getByRole('textbox').first().fill('Not A Name');
    await page.getByText('Lower-case letters and digits only').waitFor();
    await shoot(page, 'dialog-project');
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('textbox').first().fill(made.project);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL(`**/projects/${made.project}`);
    await page.getByText('No repositories yet').waitFor();
  });
  await step('the same name again is refused and the dialog stays', async () => {
    await page.goto('/projects?new=project');
    await page.getByRole('dialog').getByRole('textbox').first().fill(made.project);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await step('a user is created', async () => {
    await page.goto('/users');
    await page.getByRole('button', { name: 'New user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('User name').fill(made.user);
    await dialog.getByLabel('E-mail').fill(`${made.user}@example.com`);
    await dialog.getByLabel('Full name').fill('Walking Walker');
    await dialog.locator('input[autocomplete="new-password"]').fill(made.password);
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('searchbox').fill(made.user);
    await page.getByRole('cell', { name: made.user }).first().waitFor();
  });
  await step('the user becomes a member, found by search', async () => {
    await page.goto(`/projects/${made.project}/members`);
    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('dialog').getByLabel('User name').pressSequentially(made.user.slice(0, -1));
    await page.getByRole('option', { name: made.user }).click();
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('cell', { name: made.user, exact: true }).waitFor();
  });
  await step('the role is changed in the list', async () => {
    await page.getByRole('combobox', { name: `Role of ${made.user}` }).click();
    await page.getByRole('option', { name: 'Maintainer' }).click();
    await page.getByText(`${made.user} is now Maintainer`).waitFor();
    await page.reload();
    await settled(page);
    if ((await page.getByRole('combobox', { name: `Role of ${made.user}` }).inputValue()) !== 'Maintainer') throw new Error('the role was not kept');
  });
  await step('a repository, if there is one, shows its tags and an artifact its layers', () => seeArtifact(page));
  await step('the palette goes to the project', async () => {
    await page.goto('/');
    await settled(page);
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill(made.project);
    await page.getByRole('option', { name: made.project }).waitFor();
    await shoot(page, 'palette');
    await assertAccessible(page);
    const box = page.getByRole('combobox', { name: 'Search and commands' });
    const chosen = page.getByRole('option', { name: made.project, exact: false }).and(page.locator('[aria-selected="true"]'));
    for (let i = 0; i < 10 && (await chosen.count()) === 0; i++) await box.press('ArrowDown');
    await box.press('Enter');
    await page.waitForURL(`**/projects/${made.project}`);
  });
  await step('the sheet of keys opens and closes', async () => {
    await settled(page);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await shoot(page, 'keys');
    await assertAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
  await step('the roles are explained', async () => {
    await page.goto(`/projects/${made.project}/members`);
    await page.getByRole('button', { name: 'What roles may do' }).click();
    await page.getByRole('rowheader', { name: 'Push and retag' }).waitFor();
    await shoot(page, 'roles');
    await assertAccessible(page);
  });
  await step('on a phone the menu leads to the pages', async () => {
    await page.setViewportSize(phone);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Users' }).waitFor();
    await shoot(page, 'menu-390');
    await assertAccessible(page);
    await assertFits(page);
    await page.getByRole('dialog').getByRole('link', { name: 'Users' }).click();
    await page.waitForURL('**/users');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.setViewportSize(desktop);
  });
  await step('j and enter open the first row', async () => {
    await page.goto('/projects');
    await settled(page);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\/[^/]+$/);
  });
  await step('language and theme are switched and kept', async () => {
    await page.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByRole('link', { name: '项目', exact: true }).first().waitFor();
    await page.getByRole('button', { name: '主题' }).click();
    await page.getByRole('menuitem', { name: '深色' }).click();
    await page.reload();
    await page.waitForFunction(() => document.documentElement.lang === 'zh-CN' && document.documentElement.dataset.mantineColorScheme === 'dark');
  });
  await look(page, 'en', 'light');
  await prefer(page, { ...made.preferences, language: '', theme: '' });
  await page.reload();
  return made;
}

export const prefer = (page, preferences) => wanted(page, 'PUT', '/users/current/preferences', preferences);

async function seeArtifact(page) {
  await page.goto('/');
  await settled(page);
  const repository = page.locator('a[href*="/repositories/"]').first();
  if ((await repository.count()) === 0) return;
  await repository.click();
  const tag = page.locator('table a[href*="/-/tags/"]').first();
  await tag.or(page.getByText('No tags yet')).first().waitFor();
  made.repository = new URL(page.url()).pathname;
  if ((await tag.count()) === 0) return;
  await tag.click();
  await page.getByRole('tab', { name: 'Manifest' }).waitFor();
  await settled(page);
  made.artifact = new URL(page.url()).pathname;
  await page.keyboard.press('y');
  await page.getByText('Pull command copied').waitFor();
  await page.getByRole('tab', { name: 'Manifest' }).click();
  await page.getByText('schemaVersion').waitFor();
}
