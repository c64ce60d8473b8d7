import { wanted } from '../ask.mjs';
import { assertAccessible, assertFits, desktop, look, phone, settled, shoot } from '../browser.mjs';
import { step } from '../report.mjs';

/** A retention policy, from the empty page to what it has deleted: in a project of its own, with copies of an artifact. */
export async function walkRetention(page, made) {
  if (made.repository === undefined) return;
  const dialog = page.getByRole('dialog');
  const project = made.project.replace('walk-', 'retained-');
  const [, , from, , ...path] = made.repository.split('/');
  const source = path.join('/');
  const policies = `/projects/${project}/policies`;

  await step('a project without a policy keeps everything, and says what could be kept', async () => {
    await wanted(page, 'POST', '/projects', { project_name: project, metadata: { public: 'false' } });
    const inSource = `/projects/${from}/repositories/${encodeURIComponent(encodeURIComponent(source))}/artifacts`;
    const { answer } = await wanted(page, 'GET', `${inSource}?page_size=2`);
    for (const { digest } of answer) {
      const { location } = await wanted(page, 'POST', `/projects/${project}/repositories/app/artifacts?from=${encodeURIComponent(`${from}/${source}@${digest}`)}`);
      await wanted(page, 'POST', `${location.replace('/api/v2.0', '')}/tags`, { name: `copy-${digest.slice(-6)}` });
    }
    await page.goto(policies);
    await settled(page);
    await page.getByText('Everything is kept').waitFor();
    await shoot(page, 'retention-empty');
    await assertAccessible(page);
  });
  await step('a rule is a sentence, with what it would delete while it is edited', async () => {
    await page.getByRole('button', { name: 'The 10 newest' }).click();
    await dialog.getByText('Keep the 10 most recently pushed artifacts of each repository with any tag.').waitFor();
    await dialog.getByText('Nothing would be deleted').waitFor();
    await dialog.getByLabel('Artifacts', { exact: true }).fill('0');
    await dialog.getByText('would be deleted now, which frees').waitFor();
    await dialog.getByRole('table', { name: 'What would be deleted' }).getByText('app').first().waitFor();
    await dialog.getByRole('textbox', { name: 'Pattern: Tags' }).fill('v{1,2');
    await dialog.getByText('The braces do not close').waitFor();
    if (await dialog.getByRole('button', { name: 'Create' }).isEnabled()) throw new Error('what the server would refuse can be sent');
    await dialog.getByRole('textbox', { name: 'Pattern: Tags' }).fill('**');
    await dialog.getByText('would be deleted now, which frees').waitFor();
    await shoot(page, 'retention-form');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'retention-form-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Retention rules' }).getByText('Keep the 0 most recently pushed artifacts').waitFor();
  });
  await step('the policy runs by schedule, which is kept', async () => {
    await page.getByLabel('When it runs by itself').selectOption('Custom');
    await page.getByLabel('Six fields').fill('0 0 25 * * *');
    await page.getByText('The hours are wrong.').waitFor();
    await page.getByLabel('Six fields').fill('0 30 2 * * *');
    await page.getByRole('button', { name: 'Save the schedule' }).click();
    await page.getByText('The retention policy is saved').first().waitFor();
    await page.reload();
    await settled(page);
    await page.getByText('Every day at 02:30 UTC').waitFor();
  });
  await step('a dry run says what it would delete, and deletes nothing', async () => {
    await page.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByRole('button', { name: 'app', exact: true }).waitFor();
    await dialog.getByText('Done', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'app', exact: true }).click();
    await dialog.getByText('Dry Run: true').waitFor();
    await shoot(page, 'retention-run');
    await assertAccessible(page);
    await page.setViewportSize(phone);
    await shoot(page, 'retention-run-390');
    await assertFits(page);
    await page.setViewportSize(desktop);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show what it would delete' }).click();
    await page.getByRole('table', { name: 'What would be deleted' }).waitFor();
    for (const language of ['en', 'zh-CN']) {
      for (const theme of ['light', 'dark']) {
        await look(page, language, theme);
        await page.goto(policies);
        await settled(page);
        await page.getByRole('button', { expanded: false, name: /would delete|将被删除/ }).click();
        await settled(page);
        await shoot(page, `retention-${language}-${theme}`);
        await assertAccessible(page);
        await page.setViewportSize(phone);
        await assertFits(page);
        await shoot(page, `retention-${language}-${theme}-390`);
        await page.setViewportSize(desktop);
      }
    }
    await look(page, 'en', 'light');
    await page.goto(policies);
    await settled(page);
  });
  await step('a run asks with what goes, and deletes it', async () => {
    await page.getByRole('button', { name: 'Run now' }).click();
    await dialog.getByText('would be deleted now, which frees').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Run now' }).click();
    await dialog.getByRole('button', { name: 'app', exact: true }).waitFor();
    await dialog.getByText('Done', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const { answer } = await wanted(page, 'GET', `/projects/${project}/repositories/app/artifacts`);
    if (answer.length > 0) throw new Error(`${answer.length} artifacts are left`);
  });
  await step('a rule is switched off, and the last one takes the policy with it', async () => {
    await page.getByRole('switch', { name: 'Rule 1 is on' }).press('Space');
    await page.getByText('Off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Actions for rule 1' }).click();
    await page.getByRole('menuitem', { name: 'Delete rule' }).click();
    await dialog.getByText('It is the last rule').waitFor();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Everything is kept').waitFor();
    await wanted(page, 'DELETE', `/projects/${project}/repositories/app`);
    await wanted(page, 'DELETE', `/projects/${project}`);
  });
}
