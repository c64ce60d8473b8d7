import { assertAccessible, assertFits, desktop, phone, settled, shoot, tick } from '../browser.mjs';
import { step } from '../report.mjs';

/** A robot is made, its secret stored, rotated, switched off and deleted. */
export async function walkRobots(page, made) {
  const name = `robot$${made.project}+ci`;
  const dialog = page.getByRole('dialog');

  await step('a robot for CI is made from a card', async () => {
    await page.goto(`/projects/${made.project}/robots`);
    await settled(page);
    await page.getByRole('button', { name: 'New robot' }).last().click();
    await dialog.getByLabel('Name').fill('Not A Name');
    await dialog.getByText('Lower-case letters and digits only').waitFor();
    await dialog.getByLabel('Name').fill('ci');
    await dialog.getByText(name).waitFor();
    await dialog.getByText('Push and pull').click();
    await shoot(page, 'robot-form');
    await assertAccessible(page);
    await dialog.getByText('Custom').click();
    await dialog.getByRole('checkbox', { name: 'Repositories: push' }).waitFor();
    await shoot(page, 'robot-matrix');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'robot-matrix-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await dialog.getByRole('button', { name: 'Create and show secret' }).click();
  });
  await step('its secret stays until it is stored, with what uses it', async () => {
    await dialog.getByText('shown now and never again').waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    if (await dialog.getByRole('button', { name: 'Done' }).isEnabled()) throw new Error('the secret can be closed unseen');
    await shoot(page, 'robot-secret');
    await assertAccessible(page);
    for (const tab of ['Kubernetes', 'GitHub Actions', 'GitLab CI', 'Jenkins', 'config.json']) {
      await dialog.getByRole('tab', { name: tab }).click();
      await shoot(page, `robot-secret-${tab.split(/[ .]/)[0].toLowerCase()}`);
    }
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'robot-secret-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await tick(dialog.getByRole('checkbox', { name: 'I have stored the secret' }));
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name, exact: true }).waitFor();
    await settled(page);
  });
  await step('the same name again is refused and the form stays', async () => {
    await page.getByRole('button', { name: 'New robot' }).click();
    await dialog.getByLabel('Name').fill('ci');
    await dialog.getByRole('button', { name: 'Create and show secret' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'exists' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
  await step('it is edited, for ever only with a warning', async () => {
    await page.getByRole('button', { name, exact: true }).click();
    await dialog.getByLabel('Description').fill('Pipeline of the shop');
    await dialog.getByLabel('Expires').selectOption('-1');
    await dialog.getByText('never expires works for whoever finds it').waitFor();
    await shoot(page, 'robot-edit');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Pipeline of the shop').waitFor();
  });
  await step('it is switched off and stays so', async () => {
    await page.getByRole('switch', { name: `${name} is enabled` }).press('Space');
    await settled(page);
    await page.reload();
    await settled(page);
    if (await page.getByRole('switch', { name: `${name} is enabled` }).isChecked()) throw new Error('the robot is still on');
  });
  await step('its secret is rotated', async () => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Rotate secret' }).click();
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    await dialog.getByText('shown now and never again').waitFor();
    await tick(dialog.getByRole('checkbox'));
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
  await step('a robot of the system works in several projects', async () => {
    await page.goto('/robots');
    await settled(page);
    await page.getByRole('button', { name: 'New robot' }).last().click();
    await dialog.getByLabel('Name').fill(made.project);
    await dialog.getByLabel('Projects', { exact: true }).fill(made.project);
    await page.getByRole('option', { name: made.project }).click();
    await page.keyboard.press('Tab');
    await dialog.getByText('Pull only').click();
    await shoot(page, 'robot-system-form');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Create and show secret' }).click();
    await tick(dialog.getByRole('checkbox'));
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: `robot$${made.project}`, exact: true }).waitFor();
    await page.getByRole('button', { name: `Actions for robot$${made.project}` }).click();
    await page.getByRole('menuitem', { name: 'Delete robot' }).click();
    await dialog.getByText('stops working at once').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: `robot$${made.project}`, exact: true }).waitFor({ state: 'detached' });
  });
}
