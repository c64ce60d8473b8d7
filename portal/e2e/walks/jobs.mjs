import { wanted } from '../ask.mjs';
import { assertAccessible, assertEverywhere, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** The purge of the audit log, and the jobs page that follows it. */
export async function walkJobs(page) {
  const dialog = page.getByRole('dialog');

  await step('the audit log leads to its purge, which counts before it deletes', async () => {
    await page.goto('/audit');
    await settled(page);
    await page.getByRole('link', { name: 'Purge', exact: true }).click();
    await page.waitForURL('**/audit/purge');
    await settled(page);
    await page.getByLabel('Keep entries for').fill('0');
    await page.getByRole('button', { name: 'Count only' }).click();
    const first = page.getByRole('table', { name: 'Earlier runs' }).getByRole('row').nth(1);
    await first.getByText('Done').waitFor();
    await first.getByText('counted').waitFor();
    await shoot(page, 'purge');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'purge-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
  });
  await step('a schedule is a sentence, and a wrong field is named', async () => {
    await page.getByLabel('Keep entries for').fill('2400');
    await page.getByLabel('When').selectOption('Custom');
    await page.getByLabel('Six fields').fill('0 0 25 * * *');
    await page.getByText('The hours are wrong.').waitFor();
    if (await page.getByRole('button', { name: 'Save' }).isEnabled()) throw new Error('what the server would refuse can be sent');
    await assertAccessible(page);
    await page.getByLabel('Six fields').fill('0 30 2 * * 1-5');
    await page.getByText('Friday at 02:30 UTC').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The purge is saved').waitFor();
    await page.reload();
    await settled(page);
    if ((await page.getByLabel('Six fields').inputValue()) !== '0 30 2 * * 1-5') throw new Error('the schedule was not kept');
  });
  await step('the schedule is on the page of jobs, and runs now', async () => {
    await page.goto('/jobs');
    await settled(page);
    const row = page.getByRole('table', { name: 'Schedules' }).getByRole('row', { name: /Purge of the audit log/ });
    await row.getByText('Friday at 02:30 UTC').waitFor();
    await row.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('“Purge of the audit log” is started').waitFor();
    await page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1).getByText('Done').waitFor();
    await page.getByText(/process \d+/).first().waitFor();
    await shoot(page, 'jobs');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'jobs-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
  });
  await step('a paused queue keeps a job waiting, which is stopped, tried again and done', async () => {
    await page.getByRole('button', { name: 'Actions for Purge of the audit log' }).first().click();
    await page.getByRole('menuitem', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    const first = page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1);
    await first.getByText('Waiting').waitFor();
    await first.getByRole('button', { name: /^Purge of the audit log #/ }).click();
    await dialog.getByText('Nothing has been written yet.').waitFor();
    await dialog.getByRole('button', { name: 'Stop job' }).click();
    await page.getByRole('dialog', { name: 'Stop job' }).getByRole('button', { name: 'Stop job' }).click();
    await dialog.getByText('Stopped').first().waitFor();
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('Waiting').first().waitFor();
    await wanted(page, 'PUT', '/jobservice/queues/PURGE_AUDIT_LOG', { action: 'resume' });
    await dialog.getByText('Done', { exact: true }).waitFor();
    await dialog.getByText(/keep 2400 hours/).waitFor();
    await shoot(page, 'job-dialog');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'job-dialog-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
  await step('upkeep says of each step what it does, how often, and that it ran', async () => {
    await page.goto('/jobs');
    await settled(page);
    const upkeep = page.getByRole('table', { name: 'Upkeep' });
    const row = upkeep.getByRole('row', { name: /Tag expiry/ });
    await row.getByText('Puts expired tags into the recycle bin').waitFor();
    await row.getByText('Every 30 sec').waitFor();
    await row.getByText('Fine').waitFor();
    const steps = await upkeep.getByRole('row').count();
    const fine = await upkeep.getByText('Fine', { exact: true }).count();
    if (steps !== 12 || fine !== 11) throw new Error(`${fine} of ${steps - 1} steps are fine: ${await upkeep.innerText()}`);
    await upkeep.scrollIntoViewIfNeeded();
    await shoot(page, 'upkeep');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await row.getByText('Fine').scrollIntoViewIfNeeded();
    await shoot(page, 'upkeep-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
  });
  await step('upkeep reads well in both languages, light and dark, wide and narrow', async () => {
    const names = { en: 'Upkeep', 'zh-CN': '日常维护' };
    await assertEverywhere(page, 'upkeep', '/jobs', (_, language) => page.getByRole('table', { name: names[language] }).evaluate((table) => table.scrollIntoView({ block: 'start' })));
  });
  await step('failed jobs are a filter of the address, empty with words', async () => {
    await page.goto('/jobs?show=failed');
    await settled(page);
    await page.getByText('Nothing has failed').waitFor();
    await assertAccessible(page);
  });
  await step('keys lead to the jobs, and the schedule can be taken away', async () => {
    await page.goto('/');
    await settled(page);
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.waitForURL('**/jobs');
    await wanted(page, 'PUT', '/system/purgeaudit/schedule', { schedule: { type: 'None' }, parameters: {} });
    await page.reload();
    await settled(page);
    await page.getByText('No schedules').waitFor();
    await page.getByRole('link', { name: 'Purge of the audit log' }).click();
    await page.waitForURL('**/audit/purge');
  });
}
