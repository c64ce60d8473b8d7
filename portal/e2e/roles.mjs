import { ask, wanted } from './ask.mjs';
import { openPage, settled, shoot } from './browser.mjs';
import { step } from './report.mjs';
import { signIn } from './walk.mjs';

/** From the strongest to the weakest, with the ids that the API knows them by. */
const roles = { projectAdmin: 1, maintainer: 4, developer: 2, guest: 3, limitedGuest: 5 };
const upTo = (weakest) => Object.keys(roles).slice(0, Object.keys(roles).indexOf(weakest) + 1);

const button = (name) => (page) => page.getByRole('button', { name, exact: typeof name === 'string' });
const tab = (name) => (page) => page.getByRole('navigation', { name: 'Parts of the project' }).getByRole('link', { name });
const link = (name) => (page) => page.getByRole('table').getByRole('link', { name, exact: true });

/** What can be done in the project: who may, on which page it is offered, by what, and what the server is asked when it is not offered. */
function abilities({ project, id, repository, digest, label, member }) {
  const inProject = `/projects/${project}`;
  const inRepository = `${inProject}/repositories/${repository}`;
  const artifact = `${inRepository}/artifacts/${digest}`;
  const rule = { action: 'immutable', template: 'immutable_template', disabled: false, tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'r*' }], scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] } };
  const robot = { name: 'refused', level: 'project', duration: 1, permissions: [{ kind: 'project', namespace: project, access: [{ resource: 'repository', action: 'pull' }] }] };
  return [
    ['see members', upTo('guest'), '', tab('Members'), ['GET', `${inProject}/members`]],
    ['see robots', upTo('guest'), '', tab('Robots'), ['GET', `/robots?q=${encodeURIComponent(`Level=project,ProjectID=${id}`)}`]],
    ['see policies', upTo('developer'), '', tab('Policies'), ['POST', '/retentions/preview', { rules: [], scope: { level: 'project', ref: id } }]],
    ['see labels', upTo('guest'), '', tab('Labels'), ['GET', `/labels?scope=p&project_id=${id}`]],
    ['see the activity', ['projectAdmin'], '', tab('Activity'), ['GET', `${inProject}/auditlog-exts`]],
    ['change settings', ['projectAdmin'], '', tab('Settings'), ['PUT', inProject, { metadata: { public: 'true' } }]],
    ['see repositories', upTo('limitedGuest'), '', link(repository), ['GET', `${inProject}/repositories`]],
    ['delete the project', ['projectAdmin'], '/settings', button('Delete project'), ['DELETE', inProject]],
    ['add members', ['projectAdmin'], '/members', button('Add member'), ['POST', `${inProject}/members`, { role_id: 3, member_user: { username: 'nobody' } }]],
    ['change roles', ['projectAdmin'], '/members', (page) => page.getByRole('combobox', { name: /^Role of/ }), ['PUT', `${inProject}/members/${member}`, { role_id: 1 }]],
    ['remove members', ['projectAdmin'], '/members', button(/^Actions for/), ['DELETE', `${inProject}/members/${member}`]],
    ['make robots', ['projectAdmin'], '/robots', button('New robot'), ['POST', '/robots', robot]],
    ['make rules', upTo('maintainer'), '/policies', button('New rule'), ['POST', `${inProject}/immutabletagrules`, rule]],
    ['make retention rules', upTo('developer'), '/policies', button('New retention rule'), ['POST', '/retentions', { algorithm: 'or', rules: [], scope: { level: 'project', ref: id } }]],
    ['make labels', upTo('maintainer'), '/labels', button('New label'), ['POST', '/labels', { name: 'refused', color: '#123456', scope: 'p', project_id: id }]],
    ['change labels', upTo('maintainer'), '/labels', button(/^Actions for/), ['PUT', `/labels/${label}`, { name: 'refused', color: '#123456', scope: 'p', project_id: id }]],
    ['push', upTo('developer'), `/repositories/${repository}`, button('Push commands'), undefined],
    ['copy into it', upTo('developer'), `/repositories/${repository}`, undefined, ['POST', `${inRepository}/artifacts?from=${project}/${repository}@${digest}`]],
    ['describe', upTo('developer'), `/repositories/${repository}`, button('Edit description'), ['PUT', inRepository, { description: 'refused' }]],
    ['delete the repository', upTo('maintainer'), `/repositories/${repository}`, button(`Actions for ${repository}`), ['DELETE', inRepository]],
    ['see artifacts', upTo('limitedGuest'), `/repositories/${repository}`, link('v1'), ['GET', artifact]],
    ['add tags', upTo('developer'), `/repositories/${repository}/-/tags/v1`, button('Add tag'), ['POST', `${artifact}/tags`, { name: 'refused' }]],
    ['delete tags', upTo('maintainer'), `/repositories/${repository}/-/tags/v1`, button('Delete tag v1'), ['DELETE', `${artifact}/tags/v1`]],
    ['put labels on', upTo('developer'), `/repositories/${repository}/-/tags/v1`, button('Labels…'), ['POST', `${artifact}/labels`, { id: label }]],
    ['delete artifacts', upTo('maintainer'), undefined, undefined, ['DELETE', artifact]],
    ['see users', [], undefined, undefined, ['GET', '/users']],
    ['see the settings', [], undefined, undefined, ['GET', '/configurations']],
    ['change limits', [], undefined, undefined, ['PUT', `/quotas/${id}`, { hard: { storage: -1 } }]],
  ].map(([what, who, on, see, asked]) => ({ what, who, on: on === undefined ? undefined : `/projects/${project}${on}`, see, asked }));
}

/**
 * As each role, and as somebody without one: what is offered is what the role may do, and what is not offered, the
 * server refuses. `admin` is a page on which the administrator is signed in.
 */
export async function walkRoles(browser, baseURL, admin, made) {
  const suffix = made.project.replace('walk-', '');
  const project = `roles-${suffix}`;
  const person = (role) => `${role.toLowerCase()}-${suffix}`;
  let things;
  const ready = await step('a project with somebody in every role is made', async () => {
    things = await furnish(admin, project, made, [...Object.keys(roles), 'stranger'].map((role) => ({ name: person(role), role: roles[role] })));
  });
  if (!ready) return;
  const table = abilities(things);
  for (const role of [...Object.keys(roles), 'stranger']) {
    const { page, faults } = await openPage(browser, baseURL);
    await step(`${role} signs in and sees no administration`, async () => {
      await page.goto('/sign-in');
      await signIn(page, { name: person(role), password: made.password });
      await page.waitForURL((url) => url.pathname === '/');
      await settled(page);
      for (const name of ['Users', 'Quotas', 'Settings', 'Health']) {
        if ((await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name }).count()) > 0) throw new Error(`the menu leads to ${name}`);
      }
    });
    for (const on of new Set(table.map((ability) => ability.on).filter(Boolean))) {
      const here = table.filter((ability) => ability.on === on && ability.see);
      const may = here.filter((ability) => ability.who.includes(role)).map((ability) => ability.what);
      const mayNot = here.filter((ability) => !ability.who.includes(role)).map((ability) => ability.what);
      const offers = [...(may.length > 0 ? [`offered: ${may.join(', ')}`] : []), ...(mayNot.length > 0 ? [`not: ${mayNot.join(', ')}`] : [])].join('; ');
      await step(`${role} on ${on.replace(`/projects/${project}`, '…')}, ${offers}`, async () => {
        await page.goto(on);
        await settled(page);
        if (role === 'stranger') await page.getByText('You may not see this').or(page.getByText('This does not exist')).first().waitFor();
        for (const { what, see, who } of here) {
          if (who.includes(role)) await see(page).first().waitFor();
          else if ((await see(page).count()) > 0) throw new Error(`it is offered to ${what}`);
        }
        await shoot(page, `role-${role}-${on.split('/').slice(3).join('-') || 'project'}`);
      });
    }
    const refused = table.filter((ability) => ability.asked && !ability.who.includes(role));
    if (refused.length > 0) {
      await step(`${role} is refused by the server: ${refused.map((ability) => ability.what).join(', ')}`, async () => {
        const wrong = [];
        for (const { what, asked } of refused) {
          const { status } = await ask(page, ...asked);
          if (status !== 403) wrong.push(`${what}: ${asked[0]} ${asked[1]} is answered ${status}`);
        }
        if (wrong.length > 0) throw new Error(wrong.join('\n      '));
      });
    }
    await step(`${role} with docker ${upTo('limitedGuest').includes(role) ? 'pulls' : 'cannot pull'} and ${upTo('developer').includes(role) ? 'pushes' : 'cannot push'}`, async () => {
      const base = `${baseURL}/v2/${project}/${things.repository}`;
      const headers = { Authorization: `Basic ${Buffer.from(`${person(role)}:${made.password}`).toString('base64')}` };
      const pull = await fetch(`${base}/manifests/v1`, { headers: { ...headers, Accept: '*/*' } });
      const push = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers });
      const answered = [pull.status, push.status].join();
      const due = [upTo('limitedGuest').includes(role) ? 200 : 401, upTo('developer').includes(role) ? 202 : 401].join();
      if (answered !== due) throw new Error(`a pull and a push are answered ${answered}, not ${due}`);
    });
    await step(`${role}: the browser reported no error`, () => {
      if (faults.length > 0) throw new Error([...new Set(faults)].join('\n      '));
    });
    await page.context().close();
  }
  await step('the project and its people are deleted again', () => clear(admin, things));
}

async function furnish(admin, project, made, people) {
  await wanted(admin, 'POST', '/projects', { project_name: project, metadata: { public: 'false' } });
  const id = (await wanted(admin, 'GET', `/projects/${project}`)).answer.project_id;
  const users = [];
  let member;
  for (const { name, role } of people) {
    const { location } = await wanted(admin, 'POST', '/users', { username: name, email: `${name}@example.com`, realname: name, password: made.password });
    users.push(location.split('/').pop());
    if (!role) continue;
    member = (await wanted(admin, 'POST', `/projects/${project}/members`, { role_id: role, member_user: { username: name } })).location.split('/').pop();
  }
  const label = (await wanted(admin, 'POST', '/labels', { name: 'tested', color: '#0F6E56', scope: 'p', project_id: id })).location.split('/').pop();
  const [, , from, , ...path] = made.repository.split('/');
  const source = path.map(decodeURIComponent).join('/');
  const { digest } = (await wanted(admin, 'GET', `/projects/${from}/repositories/${encodeURIComponent(encodeURIComponent(source))}/artifacts?page_size=1&q=tags%3D%2A`)).answer[0];
  await wanted(admin, 'POST', `/projects/${project}/repositories/app/artifacts?from=${encodeURIComponent(`${from}/${source}@${digest}`)}`);
  await ask(admin, 'POST', `/projects/${project}/repositories/app/artifacts/${digest}/tags`, { name: 'v1' });
  return { project, id, repository: 'app', digest, label: Number(label), member, users };
}

async function clear(admin, { project, repository, users }) {
  await wanted(admin, 'DELETE', `/projects/${project}/repositories/${repository}`);
  await wanted(admin, 'DELETE', `/projects/${project}`);
  for (const id of users) await wanted(admin, 'DELETE', `/users/${id}`);
}
