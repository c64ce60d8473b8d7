import { assertAccessible, desktop, settled, shoot, tick } from '../browser.mjs';
import { step } from '../report.mjs';

/** Several members at once. */
export async function walkPeople(page, made) {
  const dialog = page.getByRole('dialog');
  await step('the role of several members is changed together', async () => {
    await page.setViewportSize(desktop);
    await page.goto(`/projects/${made.project}/members`);
    await settled(page);
    await tick(page.getByRole('checkbox', { name: `Select ${made.user}` }));
    await page.getByRole('toolbar').getByRole('button', { name: 'Change role' }).click();
    await dialog.getByText(made.user).waitFor();
    await shoot(page, 'members-bulk');
    await assertAccessible(page);
    await dialog.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Maintainer' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
  });
}

/** Somebody makes an account for themselves, as long as administrators allow it. Ends signed in as the administrator. */
export async function walkSignUp(page, account, signIn) {
  const name = `self-${Date.now().toString(36)}`;
  const bar = page.getByRole('region', { name: 'Changes not saved yet' });
  const registration = page.getByRole('switch', { name: 'People may make an account' });

  await step('the sign-in page offers an account when that is switched on', async () => {
    await page.goto('/settings');
    await settled(page);
    if (!(await registration.isChecked())) {
      await registration.press('Space');
      await bar.getByRole('button', { name: 'Save' }).click();
      await bar.waitFor({ state: 'detached' });
    }
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByLabel('User name').fill('robot$x');
    await page.getByText('Without , " ~ # $ %').waitFor();
    await assertAccessible(page);
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('E-mail').fill(`${name}@example.com`);
    await page.getByLabel('Full name').fill('Self Made');
    await page.locator('input[autocomplete="new-password"]').fill('Anchor-2026');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.getByRole('button', { name: `Account of ${name}` }).waitFor();
  });
  await step('an account that somebody made is deleted, and the switch is off again', async () => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await signIn(page, account);
    await page.waitForURL((url) => url.pathname === '/');
    await page.goto(`/users?q=${name}`);
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete user' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nobody matches').waitFor();
    await page.goto('/settings');
    await settled(page);
    await registration.press('Space');
    await bar.getByRole('button', { name: 'Save' }).click();
    await bar.waitFor({ state: 'detached' });
  });
}
