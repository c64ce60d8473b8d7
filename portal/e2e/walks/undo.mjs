import { wanted } from '../ask.mjs';
import { assertAccessible, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** What was deleted comes back: by the notice, by the tag's history, from the recycle bin. In the walk's own project. */
export async function walkUndo(page, made) {
  if (!made.artifact) return;
  const [, , from, , ...path] = made.artifact.split('/');
  const at = path.indexOf('-');
  const source = `${from}/${path.slice(0, at).join('/')}:${path.at(-1)}`;
  const tag = path.at(-1);
  const repository = `/projects/${made.project}/repositories/undone/app`;
  const inApi = `/projects/${made.project}/repositories/undone%252Fapp`;
  const dialog = page.getByRole('dialog');

  await step('a repository is deleted, the dialog says for how long it can be restored, and the notice undoes it', async () => {
    await wanted(page, 'POST', `${inApi}/artifacts?from=${encodeURIComponent(source)}`);
    await page.goto(repository);
    await page.getByRole('button', { name: 'Actions for undone/app' }).click();
    await page.getByRole('menuitem', { name: 'Delete repository' }).click();
    await dialog.getByText(/can be restored for \d+ days/).waitFor();
    await shoot(page, 'dialog-delete-repository');
    await assertAccessible(page);
    await dialog.getByRole('textbox').fill('undone/app');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('deleted').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Restored', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'undone/app' }).first().waitFor();
    await page.goto(repository);
    await page.getByRole('link', { name: tag, exact: true }).first().waitFor();
  });
  await step('a tag’s history tells of it, and the tag is restored from there', async () => {
    const { answer } = await wanted(page, 'GET', `${inApi}/artifacts/${tag}`);
    await wanted(page, 'DELETE', `${inApi}/artifacts/${answer.digest}/tags/${tag}`);
    await page.goto(`${repository}/-/tags/${tag}/history`);
    await page.getByRole('heading', { level: 1, name: `History of ${tag}` }).waitFor();
    await page.getByRole('cell', { name: 'tag deleted' }).waitFor();
    await settled(page);
    await shoot(page, 'tag-history');
    await assertAccessible(page);
    await page.getByRole('button', { name: /^Actions for / }).first().click();
    await page.getByRole('menuitem', { name: /^Restore the tag to / }).click();
    await dialog.getByText('will point at').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page.getByText(`Tag ${tag} restored`).waitFor();
    await page.getByRole('cell', { name: 'restore', exact: true }).first().waitFor();
    await page.setViewportSize(phone);
    await shoot(page, 'tag-history-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
  });
  await step('a repository’s history offers a time to go back to, and shows what that changes', async () => {
    await page.goto(`${repository}/-/history`);
    await page.getByRole('button', { name: 'Restore to a time…' }).click();
    await dialog.getByText('1 tag goes').waitFor(); // a day ago there was none
    if (!(await dialog.getByRole('button', { name: 'Restore' }).isEnabled())) throw new Error('what would change cannot be carried out');
    await shoot(page, 'dialog-restore-time');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
  await step('a tag is given a date, which the lists show', async () => {
    await page.goto(`${repository}/-/tags/${tag}?tab=tags`);
    await page.getByRole('button', { name: `Actions for ${tag}` }).click();
    await page.getByRole('menuitem', { name: 'Expiry…' }).click();
    const soon = new Date(Date.now() + 50 * 3_600_000);
    const two = (n) => String(n).padStart(2, '0');
    await dialog.getByLabel('Expires at').fill(`${soon.getFullYear()}-${two(soon.getMonth() + 1)}-${two(soon.getDate())}T${two(soon.getHours())}:${two(soon.getMinutes())}`);
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('expires in 2 days').first().waitFor();
    await page.goto(repository);
    await page.getByText('expires in 2 days').first().waitFor();
    await shoot(page, 'repository-expiring');
    await assertAccessible(page);
  });
  await step('a deleted artifact is in the recycle bin and comes back from there', async () => {
    await wanted(page, 'DELETE', `${inApi}/artifacts/${tag}`);
    await page.goto(`/projects/${made.project}`);
    await page.getByRole('navigation', { name: 'Parts of the project' }).getByRole('link', { name: 'Recycle bin' }).click();
    await page.waitForURL(`**/projects/${made.project}/recycle-bin`);
    await page.getByRole('cell', { name: /undone\/app/ }).first().waitFor();
    await settled(page);
    await shoot(page, 'recycle-bin');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'recycle-bin-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await page.getByRole('button', { name: /^Actions for undone\/app/ }).first().click();
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    await page.getByText('1 restored').waitFor();
    await wanted(page, 'GET', `${inApi}/artifacts/${tag}`);
  });
  await step('what is deleted for ever is named first, and gone then', async () => {
    await wanted(page, 'DELETE', inApi);
    await page.goto(`/projects/${made.project}/recycle-bin?show=repositories`);
    await page.getByRole('button', { name: 'Actions for undone/app' }).click();
    await page.getByRole('menuitem', { name: 'Delete for ever' }).click();
    await dialog.getByText('This cannot be undone').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('textbox').fill('undone/app');
    await dialog.getByRole('button', { name: 'Delete for ever' }).click();
    await page.getByText('1 deleted for ever').waitFor();
    await page.getByRole('button', { name: 'Actions for undone/app' }).waitFor({ state: 'detached' });
    await page.goto('/recycle-bin');
    await settled(page);
    await shoot(page, 'recycle-bin-all');
    await assertAccessible(page);
  });
}
