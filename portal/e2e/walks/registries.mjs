import { assertAccessible, assertEverywhere, assertFits, desktop, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** Another registry is named, tested, changed and forgotten; the server itself stands for it. */
export async function walkRegistries(page, made, account) {
  const dialog = page.getByRole('dialog');
  const name = `mirror ${made.project}`;
  const here = new URL(page.url()).origin;

  await step('a registry that does not answer is told, with the reason', async () => {
    await page.goto('/registries');
    await settled(page);
    await page.getByRole('button', { name: 'Add registry' }).first().click();
    await dialog.getByLabel('Kind').selectOption('harbor');
    await dialog.getByLabel('Name', { exact: false }).first().fill(name);
    await dialog.getByLabel('URL').fill('http://127.0.0.1:1');
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByText('nothing listens there').waitFor();
    await shoot(page, 'registry-form-refused');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'registry-form-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
  });
  await step('a password in the URL is told before it is sent', async () => {
    await dialog.getByLabel('URL').fill('http://me:secret@127.0.0.1:1');
    await dialog.getByText('would be shown to others').waitFor();
    await assertAccessible(page);
  });
  await step('a wrong password is told as such', async () => {
    await dialog.getByLabel('URL').fill(here);
    await dialog.getByLabel('User name').fill(account.name);
    await dialog.getByLabel('Password or token', { exact: true }).fill('wrong-Password-1');
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByText('does not accept the name and the secret').waitFor();
  });
  await step('the connection is tested, and the registry is added', async () => {
    await dialog.getByLabel('Password or token', { exact: true }).fill(account.password);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByText('answers and accepts the credential').waitFor();
    await dialog.getByRole('button', { name: 'Certificate options' }).click();
    await dialog.getByLabel('Certificate of its authority').waitFor();
    await shoot(page, 'registry-form');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('cell', { name }).first().waitFor();
    await page.getByText('Reachable', { exact: true }).last().waitFor();
    await shoot(page, 'registries-one');
    await assertAccessible(page);
  });
  await step('it is listed and its form reads well in both languages, light and dark, wide and narrow', async () => {
    await assertEverywhere(page, 'registries-one', '/registries');
    const add = { en: 'Add registry', 'zh-CN': '添加镜像仓库服务' };
    await assertEverywhere(page, 'registry-form', '/registries', async (_, language) => {
      await page.getByRole('button', { name: add[language] }).first().click();
      await dialog.getByRole('combobox').first().selectOption('huawei-SWR');
    });
  });
  await step('it is changed without its secret', async () => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Edit registry' }).click();
    await dialog.getByPlaceholder('unchanged').waitFor();
    await dialog.getByLabel('Description').fill('The server itself');
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('The server itself').waitFor();
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Test connection' }).click();
    await page.getByText(`${name} answers and accepts the credential`).waitFor();
  });
  await step('it is deleted', async () => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete registry' }).click();
    await dialog.getByText('is forgotten here').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('cell', { name }).first().waitFor({ state: 'detached' });
  });
}
