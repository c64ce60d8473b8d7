import { assertAccessible, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** Labels of a project, and those that all projects share. */
export async function walkLabels(page, made) {
  const dialog = page.getByRole('dialog');
  for (const [where, address] of [['a project', `/projects/${made.project}/labels`], ['the whole registry', '/labels']]) {
    const name = `ready ${made.project}`;
    await step(`a label of ${where} is made, changed and deleted`, async () => {
      await page.goto(address);
      await settled(page);
      await page.getByRole('button', { name: 'New label' }).last().click();
      await dialog.getByLabel('Label', { exact: false }).first().fill(name);
      await dialog.getByRole('radio', { name: 'Green' }).press('Space');
      await dialog.getByLabel('Colour as a number').fill('#ffff00');
      await dialog.getByText('hardly seen in one of the themes').waitFor();
      await shoot(page, 'label-form');
      await assertAccessible(page);
      await page.setViewportSize(phone);
      await shoot(page, 'label-form-390');
      await assertFits(page);
      await page.setViewportSize(desktop);
      await dialog.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('cell', { name, exact: true }).waitFor();
      await page.getByRole('button', { name: `Actions for ${name}` }).click();
      await page.getByRole('menuitem', { name: 'Edit label' }).click();
      await dialog.getByLabel('Description').fill('Passed every test');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('cell', { name: 'Passed every test' }).waitFor();
      await page.getByRole('button', { name: `Actions for ${name}` }).click();
      await page.getByRole('menuitem', { name: 'Delete label' }).click();
      await dialog.getByText('is taken off').waitFor();
      await assertAccessible(page);
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('cell', { name, exact: true }).waitFor({ state: 'detached' });
    });
  }
}
