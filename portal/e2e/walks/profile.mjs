import { assertAccessible, openPage, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';
import { prefer, signIn } from '../walk.mjs';

/** What follows a person to another browser, and how that one is signed out from here. */
export async function walkProfile(page, made, account) {
  const other = await openPage(page.context().browser(), new URL(page.url()).origin);
  await step('language and theme go along to another browser', async () => {
    await page.goto('/profile');
    await settled(page);
    await page.getByText('简体中文', { exact: true }).click();
    await page.getByText('深色', { exact: true }).click();
    await settled(page);
    await other.page.goto('/sign-in?next=%2Fprofile');
    await signIn(other.page, account);
    await other.page.waitForURL('**/profile');
    await other.page.waitForFunction(() => document.documentElement.lang === 'zh-CN' && document.documentElement.dataset.mantineColorScheme === 'dark');
    await other.page.getByText('English', { exact: true }).click();
    await other.page.getByText('Light', { exact: true }).click();
    await settled(other.page);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.lang === 'en' && document.documentElement.dataset.mantineColorScheme === 'light');
  });
  await step('another session is seen, ended, and told so', async () => {
    await page.getByText('This session').waitFor();
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('dialog').getByText('signed out at once').waitFor();
    await shoot(page, 'sessions-end');
    await assertAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('Signed out there').waitFor();
    await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
    await other.page.getByRole('link', { name: 'Projects' }).first().click();
    await other.page.goto('/profile');
    await other.page.waitForURL('**/sign-in?*');
  });
  await other.page.context().close();
  await prefer(page, { ...made.preferences, language: '', theme: '' });
}
