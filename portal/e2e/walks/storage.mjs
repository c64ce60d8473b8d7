import { wanted } from '../ask.mjs';
import { assertAccessible, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** What is stored and freed: a list of what would go, a run, a check, and their schedules. */
export async function walkStorage(page) {
  const run = (n) => page.getByRole('table', { name: 'Earlier runs' }).getByRole('row').nth(n);

  await step('keys lead to the storage, whose state stands first', async () => {
    await page.goto('/');
    await settled(page);
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.waitForURL('**/storage');
    await page.getByText('Stored by projects').waitFor();
    await page.getByText('Freed in 30 days').waitFor();
    await assertAccessible(page);
  });
  await step('what would go is listed, and nothing is changed', async () => {
    await page.getByRole('checkbox', { name: /without a tag/ }).check();
    await page.getByRole('button', { name: 'List what would go' }).click();
    await run(1).getByText('would be freed').waitFor();
    await run(1).getByRole('link').click();
    await page.waitForURL('**/jobs?entry=*');
    await page.getByRole('dialog').getByText(/dry run: .* would go/).waitFor();
    await page.goto('/storage');
    await settled(page);
  });
  await step('a run frees, after a question', async () => {
    await page.getByRole('button', { name: 'Free now' }).click();
    await page.getByRole('dialog').getByText(/could not be restored before/).waitFor();
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Free now' }).click();
    await run(1).getByText('Done').waitFor();
    await run(2).getByText('would be freed').waitFor();
    await shoot(page, 'storage');
    await page.setViewportSize(phone);
    await shoot(page, 'storage-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
  });
  await step('a schedule is saved and kept', async () => {
    await page.getByLabel('When').selectOption('Daily');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The schedule is saved').waitFor();
    await page.reload();
    await settled(page);
    if ((await page.getByLabel('When').inputValue()) !== 'Daily') throw new Error('the schedule was not kept');
    await wanted(page, 'PUT', '/system/gc/schedule', { schedule: { type: 'None' }, parameters: {} });
  });
  await step('a check says that nothing is wrong', async () => {
    await page.getByRole('tab', { name: 'Check' }).click();
    await page.waitForURL('**/storage?tab=check');
    await page.getByText('Not checked yet').waitFor();
    await page.getByRole('checkbox', { name: /Read all blobs/ }).check();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('Nothing is wrong').waitFor();
    await page.getByText(/\d+ objects/).waitFor();
    await assertAccessible(page);
    await shoot(page, 'storage-check');
  });
}
