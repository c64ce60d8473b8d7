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
  await step('a repository whose name is used again is restored under another, which the portal proposes', async () => {
    await wanted(page, 'DELETE', inApi);
    await wanted(page, 'POST', `${inApi}/artifacts?from=${encodeURIComponent(source)}`);
    await page.goto(`/projects/${made.project}/recycle-bin?show=repositories`);
    await page.getByText('name used again').waitFor();
    await page.getByRole('button', { name: 'Actions for undone/app' }).click();
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    const field = dialog.getByLabel(`Restore ${made.project}/undone/app as`);
    await field.waitFor();
    if ((await field.inputValue()) !== 'undone/app-restored') throw new Error(`${await field.inputValue()} is proposed`);
    await settled(page);
    await shoot(page, 'dialog-restore-as');
    await assertAccessible(page);
    await field.fill('undone/app');
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await dialog.getByText('or delete that one first').waitFor(); // the server says what to do
    await field.fill('undone/app-restored');
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('1 restored').waitFor();
    await page.goto(`/projects/${made.project}/repositories/undone/app-restored`);
    await page.getByRole('link', { name: tag, exact: true }).first().waitFor();
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
    await wanted(page, 'DELETE', `/projects/${made.project}/repositories/undone%252Fapp-restored`); // the project is empty again
  });
  await step('a deleted project is restored under another name, with its recycle bin', async () => {
    const name = `lost-${Date.now()}`;
    const again = `${name}-restored`;
    await wanted(page, 'POST', '/projects', { project_name: name, metadata: {} });
    await wanted(page, 'POST', `/projects/${name}/repositories/team%252Fapp/artifacts?from=${encodeURIComponent(source)}`);
    await wanted(page, 'DELETE', `/projects/${name}/repositories/team%252Fapp`);
    await page.goto(`/projects/${name}/settings`);
    await page.getByRole('button', { name: 'Delete project' }).click();
    await dialog.getByText(/Only a system administrator can restore it/).waitFor();
    await settled(page);
    await shoot(page, 'dialog-delete-project');
    await assertAccessible(page);
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText(`Project ${name} deleted`).waitFor();
    await wanted(page, 'POST', '/projects', { project_name: name, metadata: {} }); // the name is used again
    await page.goto('/recycle-bin');
    await page.getByText('Deleted projects', { exact: true }).click();
    await page.waitForURL('**/recycle-bin?show=projects');
    const restore = page.getByRole('button', { name: `Restore project ${name}`, exact: true });
    await restore.waitFor();
    await settled(page);
    await shoot(page, 'deleted-projects');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'deleted-projects-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await restore.click();
    await dialog.getByLabel(`Restore ${name} as`).waitFor();
    await settled(page);
    await shoot(page, 'dialog-restore-project');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page.getByText(`Project ${again} restored`).waitFor();
    await restore.waitFor({ state: 'detached' });
    await page.goto(`/projects/${again}/recycle-bin?show=repositories`);
    await page.getByRole('button', { name: 'Actions for team/app' }).click();
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    await page.getByText('1 restored').waitFor();
    await wanted(page, 'GET', `/projects/${again}/repositories/team%252Fapp/artifacts/${tag}`);
    for (const project of [again, name]) {
      if (project === again) await wanted(page, 'DELETE', `/projects/${again}/repositories/team%252Fapp`);
      await wanted(page, 'DELETE', `/projects/${project}`);
    }
  });
}
