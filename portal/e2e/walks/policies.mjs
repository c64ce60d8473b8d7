import { assertAccessible, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** A rule is made, tried on what is there, switched off and deleted. */
export async function walkPolicies(page, made) {
  const dialog = page.getByRole('dialog');
  await step('a rule for immutable tags is made from an example', async () => {
    await page.goto(`/projects/${made.project}/policies`);
    await settled(page);
    await shoot(page, 'policies-empty');
    await page.getByRole('button', { name: 'Releases', exact: true }).click();
    await dialog.getByText('can neither be moved nor deleted').waitFor();
    await dialog.getByRole('textbox', { name: 'Pattern: Tags' }).fill('v{1,2');
    await dialog.getByText('The braces do not close').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('textbox', { name: 'Pattern: Tags' }).fill('v*');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('listitem').filter({ hasText: 'can neither be moved nor deleted' }).waitFor();
  });
  await step('the same rule again is refused in the form', async () => {
    await page.getByRole('button', { name: 'New rule' }).click();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
  await step('a rule is switched off, and deleted with its loss told', async () => {
    await page.getByRole('switch').first().press('Space');
    await page.getByText('Off', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Actions for rule/ }).click();
    await page.getByRole('menuitem', { name: 'Delete rule' }).click();
    await dialog.getByText('Without it these tags can be moved').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Every tag can be moved and deleted').waitFor();
  });
  const project = made.repository?.split('/')[2];
  if (project === undefined) return;
  await step('a rule shows which of the present tags it takes', async () => {
    await page.goto(`/projects/${project}/policies`);
    await settled(page);
    await page.getByRole('button', { name: 'New rule' }).click();
    await dialog.getByText('newest tags could no longer').waitFor();
    await shoot(page, 'policy-form');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'policy-form-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
}
