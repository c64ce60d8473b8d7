import { assertAccessible, settled, shoot, tick } from '../browser.mjs';
import { step } from '../report.mjs';

/** What is done with repositories and artifacts: on a copy in the walk's own project, which is gone afterwards. */
export async function walkArtifacts(page, made) {
  if (!made.artifact) return;
  const copied = `/projects/${made.project}/repositories/walked/app`;
  const dialog = page.getByRole('dialog');

  await step('an artifact is copied into another project', async () => {
    await page.goto(made.artifact);
    await settled(page);
    await page.getByRole('button', { name: /^Actions for / }).click();
    await page.getByRole('menuitem', { name: 'Copy to…' }).click();
    await dialog.getByRole('textbox', { name: 'To project' }).or(dialog.getByRole('combobox', { name: 'To project' })).fill(made.project);
    await dialog.getByLabel('Repository').fill('walked/app');
    await shoot(page, 'dialog-copy');
    await assertAccessible(page);
    await page.keyboard.press('Tab');
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText(`Copied to ${made.project}/walked/app`).waitFor();
    await page.goto(copied);
    await page.locator('table a[href*="/-/"]').first().waitFor();
  });
  await step('the description is written, and its address becomes a link', async () => {
    await page.getByRole('button', { name: 'Edit description' }).click();
    await dialog.getByLabel('Description').fill('Walked here. See https://example.com/docs.');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'https://example.com/docs' }).waitFor();
  });
  await step('a row is selected by key and gets a further tag', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('toolbar').getByText('1 selected').waitFor();
    await shoot(page, 'repository-selected');
    await assertAccessible(page);
    await page.getByRole('toolbar').getByRole('button', { name: 'Add tag' }).click();
    await dialog.getByRole('textbox').fill('not a tag');
    await dialog.getByText('At most 128 letters').waitFor();
    await dialog.getByRole('textbox').fill('release-{tag}');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByText('1 tag added').waitFor();
    await page.getByRole('link', { name: /^release-/ }).waitFor();
  });
  await step('what the server refuses is listed with its reason and can be put away', async () => {
    await tick(page.getByRole('checkbox', { name: 'Select this page' }));
    await page.getByRole('toolbar').getByRole('button', { name: 'Add tag' }).click();
    const name = await page.getByRole('link', { name: /^release-/ }).textContent();
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByText('Refused: 1 of 1').waitFor();
    await page.getByText('already exists').waitFor();
    await shoot(page, 'repository-refused');
    await assertAccessible(page);
    await page.getByRole('status').getByRole('button', { name: 'Close' }).click();
    await page.getByText('Refused: 1 of 1').waitFor({ state: 'detached' });
  });
  await step('labels, where there are some, are put on', async () => {
    await page.getByRole('toolbar').getByRole('button', { name: 'Labels' }).click();
    const label = dialog.getByRole('checkbox').first();
    await label.or(dialog.getByText('There are no labels yet')).first().waitFor();
    await shoot(page, 'dialog-labels');
    await assertAccessible(page);
    if ((await label.count()) > 0) {
      await tick(label);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Labels of 1 artifact changed').waitFor();
    } else {
      await page.keyboard.press('Escape');
    }
    await dialog.waitFor({ state: 'detached' });
  });
  await step('a tag is taken from the artifact and the artifact stays', async () => {
    await page.getByRole('link', { name: /^release-/ }).click();
    await page.getByRole('button', { name: /^Delete tag release-/ }).click();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText(/^Tag release-.* deleted$/).waitFor();
    await page.waitForURL('**/-/artifacts/sha256:*');
    await page.getByRole('tab', { name: 'Manifest' }).click();
    await page.getByText('schemaVersion').waitFor();
  });
  await step('before an artifact is deleted, what goes with it is named', async () => {
    await page.getByRole('button', { name: /^Actions for / }).click();
    await page.getByRole('menuitem', { name: 'Delete artifact' }).click();
    await dialog.getByText('will be gone').waitFor();
    await shoot(page, 'dialog-delete-artifact');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
  await step('two artifacts of a repository, if it has two, are compared', async () => {
    await page.goto(`${made.repository}?show=all`);
    await settled(page);
    const boxes = page.getByRole('checkbox', { name: /^Select (?!this)/ });
    if ((await boxes.count()) < 2) return;
    await tick(boxes.nth(0));
    await tick(boxes.nth(1));
    await page.getByRole('toolbar').getByRole('link', { name: 'Compare' }).click();
    await page.waitForURL('**/-/compare/*');
    await page.getByRole('heading', { name: 'What differs' }).waitFor();
    made.comparison = new URL(page.url()).pathname;
    await page.getByRole('link', { name: 'Swap sides' }).click();
    await page.waitForURL((url) => url.pathname !== made.comparison);
    await page.goto(made.comparison);
    await page.getByRole('heading', { name: 'What differs' }).waitFor();
  });
  await step('a filter that matches nothing is cleared', async () => {
    await page.goto(`${made.repository}?q=nothing-is-called-so`);
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.locator('table a[href*="/-/"]').first().waitFor();
  });
  await step('the copy is deleted with its repository, by its name', async () => {
    await page.goto(copied);
    await settled(page);
    await page.getByRole('button', { name: 'Actions for walked/app' }).click();
    await page.getByRole('menuitem', { name: 'Delete repository' }).click();
    await dialog.getByRole('textbox').fill('walked/app');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(`**/projects/${made.project}`);
    await page.getByText('No repositories yet').waitFor();
  });
}
