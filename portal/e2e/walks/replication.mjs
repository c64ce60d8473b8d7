import { wanted } from '../ask.mjs';
import { assertAccessible, assertFits, desktop, look, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** A registry that is this one, under another name: what is copied there is seen at once. */
export async function walkReplication(page) {
  const suffix = Date.now().toString(36);
  const from = `fleet-${suffix}`;
  const mirror = `mirror-${suffix}`;
  const dialog = page.getByRole('dialog');
  const password = process.env.ADMIN_PASSWORD ?? 'Roadstead1';
  let registry = '';

  await step('without another registry the page says what to do first', async () => {
    await page.goto('/replication');
    await settled(page);
    await page.getByText('No other registry yet').or(page.getByText('No policies yet')).first().waitFor();
    await assertAccessible(page);
    await shoot(page, 'replication-none');
    const origin = new URL(page.url()).origin;
    await wanted(page, 'POST', '/projects', { project_name: from });
    const made = await wanted(page, 'POST', '/registries', { name: `itself-${suffix}`, type: 'harbor', url: origin, insecure: true, credential: { type: 'basic', access_key: 'admin', access_secret: password } });
    registry = made.location.split('/').pop();
  });
  await step('a policy is written with what it would copy beside it', async () => {
    await page.reload();
    await settled(page);
    await page.getByRole('button', { name: 'Add policy' }).first().click();
    await dialog.getByLabel(/^Name/).fill(`to-${mirror}`);
    await dialog.getByLabel('Other registry').selectOption(registry);
    await dialog.getByLabel('Repositories', { exact: true }).fill('fleet{');
    await dialog.getByText('A brace or a bracket is not closed.').waitFor();
    if (await dialog.getByRole('button', { name: 'Create' }).isEnabled()) throw new Error('what the server would refuse can be sent');
    await dialog.getByLabel('Repositories', { exact: true }).fill('**');
    await dialog.getByText(/would copy its own copies/).waitFor();
    await dialog.getByLabel('Repositories', { exact: true }).fill(`${from}/**`);
    await dialog.getByLabel('Destination namespace').fill(mirror);
    await dialog.getByText(`library/team/app becomes ${mirror}/team/app`).waitFor();
    await dialog.getByText('Nothing matches.').waitFor();
    await dialog.getByLabel('When').selectOption('scheduled');
    await dialog.getByText(/Every day at 00:00 UTC/).waitFor();
    await shoot(page, 'replication-form');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'replication-form-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByText(`“to-${mirror}” is saved`).waitFor();
  });
  await step('the policy is a sentence with its next run, and runs now', async () => {
    const policy = page.getByRole('listitem').filter({ hasText: `to-${mirror}` });
    await policy.getByText(`${from}/**`).waitFor();
    await policy.getByText('Next run').waitFor();
    await policy.getByRole('button', { name: `Run to-${mirror} now` }).click();
    await page.getByText(`“to-${mirror}” is started`).waitFor();
    const first = page.getByRole('table', { name: 'Runs' }).getByRole('row').nth(1);
    await first.getByText('Done').waitFor();
    await shoot(page, 'replication');
    await assertAccessible(page);
    await first.getByRole('button', { name: new RegExp(`^to-${mirror} #`) }).click();
    await dialog.getByText('no resources need to be replicated').first().waitFor();
    await dialog.getByRole('log').waitFor();
    await shoot(page, 'replication-run');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'replication-run-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
  await step('it is switched off, edited, and looks right in Chinese', async () => {
    const policy = page.getByRole('listitem').filter({ hasText: `to-${mirror}` });
    await policy.getByRole('switch', { name: `to-${mirror} enabled` }).click({ force: true });
    await policy.getByText('Disabled').waitFor();
    await page.reload();
    await settled(page);
    await policy.getByText('Disabled').waitFor();
    await page.getByRole('button', { name: `Actions for to-${mirror}` }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    if ((await dialog.getByLabel('Destination namespace').inputValue()) !== mirror) throw new Error('the form has lost the namespace');
    await dialog.getByLabel(/^Name/).fill(`then-${mirror}`);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`“then-${mirror}” is saved`).waitFor();
    await look(page, 'zh-CN', 'dark');
    await page.goto('/replication');
    await settled(page);
    await shoot(page, 'replication-zh');
    await assertAccessible(page);
    await look(page, 'en', 'light');
  });
  await step('failed runs are a filter of the address, empty with words', async () => {
    await page.goto('/replication?show=failed');
    await settled(page);
    await page.getByText('Nothing has failed').waitFor();
    await assertAccessible(page);
  });
  await step('keys lead to replication, and the policy is deleted', async () => {
    await page.goto('/');
    await settled(page);
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL('**/replication');
    await page.getByRole('button', { name: `Actions for then-${mirror}` }).click();
    await page.getByRole('menuitem', { name: 'Delete policy' }).click();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText(`“then-${mirror}” is deleted`).waitFor();
    await wanted(page, 'DELETE', `/registries/${registry}`);
    await wanted(page, 'DELETE', `/projects/${from}`);
  });
}
