import { assertAccessible, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** A project's settings, everybody's quotas, and what holds for the whole server. */
export async function walkSettings(page, made) {
  const bar = page.getByRole('region', { name: 'Changes not saved yet' });

  await step('a project becomes public after the difference was shown', async () => {
    await page.goto(`/projects/${made.project}/settings`);
    await settled(page);
    await page.getByRole('switch', { name: 'Public project' }).press('Space');
    await bar.getByText('2 changes').waitFor({ state: 'detached' });
    await page.getByLabel('Limit').fill('5');
    await bar.getByText('2 changes').waitFor();
    await bar.getByText('Anybody who reaches this server').waitFor();
    await shoot(page, 'settings-changes');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'settings-changes-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await bar.getByRole('button', { name: 'Save' }).click();
    await bar.waitFor({ state: 'detached' });
    await page.getByText('Public', { exact: true }).first().waitFor();
  });
  await step('leaving with unsaved changes asks first', async () => {
    await page.getByRole('switch', { name: 'Public project' }).press('Space');
    await bar.waitFor();
    page.once('dialog', (question) => void question.dismiss());
    await page.getByRole('link', { name: 'Members' }).click();
    if (!page.url().endsWith('/settings')) throw new Error('the page was left with unsaved changes');
    await bar.getByRole('button', { name: 'Discard' }).click();
    await bar.waitFor({ state: 'detached' });
  });
  await step('who saves second is told that somebody was first', async () => {
    const other = await page.context().newPage();
    await other.goto(`/projects/${made.project}/settings`);
    await settled(other);
    await other.getByRole('switch', { name: 'Public project' }).press('Space');
    await page.getByLabel('Limit').fill('6');
    await other.getByRole('button', { name: 'Save' }).click();
    await other.getByRole('region', { name: 'Changes not saved yet' }).waitFor({ state: 'detached' });
    await other.close();
    await bar.getByRole('button', { name: 'Save' }).click();
    await bar.getByText('Somebody else has changed this').waitFor();
    await shoot(page, 'settings-conflict');
    await assertAccessible(page);
    await bar.getByRole('button', { name: 'Load the new state' }).click();
    await bar.waitFor({ state: 'detached' });
    await page.getByText('Private', { exact: true }).first().waitFor();
  });
  await step('a limit is changed in the list of quotas', async () => {
    await page.goto(`/quotas?q=${made.project}`);
    await settled(page);
    await page.getByRole('button', { name: `Change the limit of ${made.project}` }).click();
    await page.getByLabel(`Limit of ${made.project}`).fill('7');
    await shoot(page, 'quota-edit');
    await assertAccessible(page);
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: '7 GiB' }).waitFor();
  });
  await step('the settings of the server are saved after the difference was shown', async () => {
    await page.goto('/settings');
    await settled(page);
    await page.getByRole('switch', { name: 'Read-only' }).press('Space');
    await bar.getByText('every push, deletion and change is refused').waitFor();
    await page.getByRole('switch', { name: 'Read-only' }).press('Space');
    await bar.waitFor({ state: 'detached' });
    await page.getByLabel('Message to everybody').fill('Maintenance on Saturday');
    await page.getByLabel('Registry tokens are valid for').fill('0');
    await page.getByText('A whole number from 1 to 1440').waitFor();
    if (await bar.getByRole('button', { name: 'Save' }).isEnabled()) throw new Error('what the server would refuse can be sent');
    await page.getByLabel('Registry tokens are valid for').fill('45');
    await shoot(page, 'admin-settings-changes');
    await assertAccessible(page);
    await bar.getByRole('button', { name: 'Save' }).click();
    await bar.waitFor({ state: 'detached' });
    await page.reload();
    await settled(page);
    await page.getByLabel('Message to everybody').fill('');
    await page.getByLabel('Registry tokens are valid for').fill('30');
    await bar.getByRole('button', { name: 'Save' }).click();
    await bar.waitFor({ state: 'detached' });
  });
}
