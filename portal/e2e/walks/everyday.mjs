import { assertAccessible, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** What people do every day beside their projects: keep things at hand, find, and look back. */
export async function walkEveryday(page, made) {
  const project = made.project;
  await step('a project is pinned, stands on the home page, and is unpinned there', async () => {
    await page.goto(`/projects?q=${project}`);
    const pin = page.getByRole('button', { name: `${project} pinned to the home page` });
    await pin.click();
    await page.waitForFunction((name) => document.querySelector(`[aria-label="${name} pinned to the home page"]`)?.getAttribute('aria-pressed') === 'true', project);
    await settled(page);
    await page.goto('/');
    const panel = page.getByRole('region', { name: 'Pinned' });
    await panel.getByRole('link', { name: project }).waitFor();
    await shoot(page, 'home-pinned');
    await panel.getByRole('button', { name: `${project} pinned to the home page` }).click();
    await panel.getByRole('link', { name: project }).waitFor({ state: 'detached' });
    await settled(page);
    await page.reload();
    await settled(page);
    if ((await page.getByRole('region', { name: 'Pinned' }).getByRole('link', { name: project }).count()) > 0) throw new Error('the pin came back');
  });
  await step('only my own projects are listed', async () => {
    await page.goto('/projects');
    await page.getByText('Mine', { exact: true }).click();
    await page.waitForURL('**/projects?show=mine');
    await settled(page);
  });
  await step('the palette leads to everything that matches, and remembers what was seen', async () => {
    await page.goto(`/projects/${project}`);
    await settled(page);
    await page.keyboard.press('/');
    const field = page.getByRole('combobox', { name: 'Search and commands' });
    await page.getByRole('group', { name: 'Recent' }).getByRole('option', { name: project }).first().waitFor();
    await shoot(page, 'palette-recent');
    await assertAccessible(page);
    await field.fill(project);
    await page.getByRole('option', { name: `Search everything for “${project}”` }).click();
    await page.waitForURL(`**/search?q=${project}`);
  });
  await step('the search finds the project and marks the match', async () => {
    await page.goto('/search');
    await page.getByRole('searchbox').fill(project);
    await page.waitForURL(`**/search?q=${project}`);
    await page.locator('section').getByRole('link', { name: project }).first().waitFor();
    if ((await page.locator('mark').count()) === 0) throw new Error('the match is not marked');
    await shoot(page, 'search');
    await assertAccessible(page);
    await page.getByRole('searchbox').fill('nothing-is-called-so');
    await page.getByText('Nothing matches').waitFor();
  });
  await step('the log is filtered, an entry opened, and all of it exported', async () => {
    await page.goto(`/audit?kind=project&q=${project}`);
    await page.getByRole('button', { name: /^Show entry: Create · project/ }).first().click();
    await page.getByRole('dialog', { name: 'Audit entry' }).waitFor();
    await shoot(page, 'audit-entry');
    await assertAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /^CSV/ }).click();
    const stream = await (await download).createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    if (!text.includes(project)) throw new Error(`the export lacks the project: ${text.slice(0, 200)}`);
  });
  await step('an operation of the API is found and explained', async () => {
    await page.goto('/api-docs');
    await page.getByRole('searchbox').fill('listProjectMembers');
    await page.getByText('1 operation', { exact: true }).waitFor();
    await page.getByRole('button', { name: /List project members/ }).click();
    await page.getByText('member:list').waitFor();
    await page.getByText(/^curl -u/).waitFor();
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await assertFits(page);
    await page.setViewportSize(desktop);
  });
  await step('the server says how it is', async () => {
    await page.goto('/health');
    await settled(page);
    await page.getByText('Database', { exact: true }).waitFor();
    await page.getByRole('meter').first().waitFor();
    await assertAccessible(page);
  });
}
