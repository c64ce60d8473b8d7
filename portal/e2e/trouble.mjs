import { wanted } from './ask.mjs';
import { assertAccessible, openPage, settled, shoot } from './browser.mjs';
import { step } from './report.mjs';
import { signIn } from './walk.mjs';

/** What goes wrong while somebody works, and that they are told and lose nothing. `page` is the administrator's. */
export async function walkTrouble(browser, baseURL, page, account, made) {
  const labels = `/projects/${made.project}/labels`;
  const dialog = page.getByRole('dialog');
  const marked = '<img src=x onerror="document.title=1"> 🚢 <b>מספנה</b> سفينة';

  await step('markup, emoji and right-to-left text in a label are shown as they were written', async () => {
    await page.goto(labels);
    await settled(page);
    await page.getByRole('button', { name: 'New label' }).last().click();
    await dialog.getByLabel('Label', { exact: false }).first().fill(marked);
    await dialog.getByLabel('Description').fill(`${marked} twice`);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('cell', { name: marked, exact: true }).waitFor();
    await assertText(page);
    await shoot(page, 'label-marked');
    await assertAccessible(page);
  });
  if (made.artifact) {
    await step('so they are in the description of a repository, and in its label', async () => {
      const repository = `/projects/${made.project}/repositories/marked`;
      const [, , from, , ...path] = made.repository.split('/');
      const source = path.map(decodeURIComponent).join('/');
      const found = (await wanted(page, 'GET', `/projects/${from}/repositories/${encodeURIComponent(encodeURIComponent(source))}/artifacts?page_size=1&q=tags%3D%2A`)).answer[0];
      await wanted(page, 'POST', `${repository}/artifacts?from=${encodeURIComponent(`${from}/${source}@${found.digest}`)}`);
      await wanted(page, 'PUT', repository, { description: `${marked} https://example.com/<script>` });
      const about = (await wanted(page, 'GET', `/projects/${made.project}`)).answer;
      const label = (await wanted(page, 'GET', `/labels?scope=p&project_id=${about.project_id}`)).answer[0];
      await wanted(page, 'POST', `${repository}/artifacts/${found.digest}/labels`, { id: label.id });
      await page.goto(`${repository}?show=all`);
      await settled(page);
      await page.getByText(marked).first().waitFor();
      await assertText(page);
      await shoot(page, 'repository-marked');
      await assertAccessible(page);
    });
    await step('who describes a repository second is told that somebody was first', async () => {
      const repository = `/projects/${made.project}/repositories/marked`;
      await page.getByRole('button', { name: 'Edit description' }).click();
      await dialog.getByLabel('Description').fill('mine');
      await wanted(page, 'PUT', repository, { description: 'theirs' });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('Somebody else has changed this').waitFor();
      await dialog.getByRole('button', { name: 'Load the new state' }).click();
      await page.waitForFunction(() => document.querySelector('[role=dialog] textarea')?.value === 'theirs');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await wanted(page, 'DELETE', repository);
    });
  }
  await step('a session that ended in the middle leads to signing in, and back to the same page', async () => {
    await page.goto(labels);
    await settled(page);
    await page.getByRole('button', { name: 'New label' }).last().click();
    await dialog.getByLabel('Label', { exact: false }).first().fill('too late');
    await page.context().clearCookies();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL('**/sign-in?*');
    await page.getByText('Your session has ended').waitFor();
    await shoot(page, 'session-ended');
    await assertAccessible(page);
    await signIn(page, account);
    await page.waitForURL(`**${labels}`);
    await page.getByRole('cell', { name: marked, exact: true }).waitFor();
  });
  await step('who lost a role meanwhile is told which one is needed', async () => {
    const members = `/projects/${made.project}/members`;
    const member = (await wanted(page, 'GET', members)).answer.find((each) => each.entity_name === made.user);
    await wanted(page, 'PUT', `${members}/${member.id}`, { role_id: 4 });
    const other = await openPage(browser, baseURL);
    try {
      await other.page.goto(`/sign-in?next=${encodeURIComponent(labels)}`);
      await signIn(other.page, { name: made.user, password: made.password });
      await other.page.waitForURL(`**${labels}`);
      await settled(other.page);
      await other.page.getByRole('button', { name: 'New label' }).last().click();
      await other.page.getByRole('dialog').getByLabel('Label', { exact: false }).first().fill('no longer');
      await wanted(page, 'PUT', `${members}/${member.id}`, { role_id: 3 });
      await other.page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
      await other.page.getByRole('dialog').getByText('This needs: Maintainer').waitFor();
      await shoot(other.page, 'role-lost');
      await assertAccessible(other.page);
      await other.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await other.page.getByRole('button', { name: 'New label' }).waitFor({ state: 'detached' });
    } finally {
      await other.page.context().close();
      await wanted(page, 'PUT', `${members}/${member.id}`, { role_id: 4 });
    }
  });
  await step('a server that is away is told, and everything comes back with it', async () => {
    await page.goto(`/projects?q=${made.project}`);
    await settled(page);
    const away = (route) => route.abort('connectionrefused');
    await page.route('**/api/**', away);
    try {
      await page.getByRole('link', { name: made.project, exact: true }).first().click();
      await page.getByText('No connection to the server').waitFor();
      await page.getByText('The server does not answer').first().waitFor();
      await shoot(page, 'server-away');
      await assertAccessible(page);
    } finally {
      await page.unroute('**/api/**', away);
    }
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('No connection to the server').waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: made.project }).waitFor();
    await page.getByText('No repositories yet').waitFor();
  });
}

/** Nothing that was written became an element or ran. */
async function assertText(page) {
  const found = await page.evaluate(() => ({ images: document.querySelectorAll('main img[src="x"]').length, bold: document.querySelectorAll('main td > b, main p > b').length, title: document.title }));
  if (found.images > 0 || found.bold > 0 || found.title === '1') throw new Error(`text became markup: ${JSON.stringify(found)}`);
}
