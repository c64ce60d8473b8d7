import { ask, wanted } from '../ask.mjs';

const password = 'Anchor-2026';
const names = { 'mei.lin': ['Mei Lin', 1], jonas: ['Jonas Berg', 4], amara: ['Amara Okafor', 2], yuki: ['Yuki Tanaka', 3] };
export const people = { guest: { name: 'yuki', password } };

/** People, projects, labels, robots and rules: what a team's registry has, the same each time. */
export async function furnish(page) {
  await ask(page, 'DELETE', '/projects/conformance'); // there for another suite
  for (const [name, [realname]] of Object.entries(names)) {
    await wanted(page, 'POST', '/users', { username: name, email: `${name}@example.com`, realname, password });
  }
  for (const [name, open] of [['payments', false], ['web', true], ['first', false]]) {
    await wanted(page, 'POST', '/projects', { project_name: name, metadata: { public: String(open) }, storage_limit: 10 * 1024 ** 3 });
  }
  await copy(page, 'harbour/team/hello:v1', '/projects/library/repositories/hello');
  await copy(page, 'harbour/charts/hello:0.2.0', '/projects/payments/repositories/charts%252Fledger');
  const harbour = await wanted(page, 'GET', '/projects/harbour');
  const id = harbour.answer.project_id;
  for (const [name, [, role]] of Object.entries(names)) {
    await wanted(page, 'POST', '/projects/harbour/members', { role_id: role, member_user: { username: name } });
  }
  await wanted(page, 'PUT', '/projects/harbour/repositories/team%252Fhello', { description: 'Says hello from the harbour. Source: https://git.example.com/team/hello' });

  const labels = [['tested', '#2F7D4F', 'Passed every test'], ['on hold', '#9A6700', 'Do not deploy yet']];
  for (const [name, color, description] of labels) await wanted(page, 'POST', '/labels', { name, color, description, scope: 'p', project_id: id });
  const [tested] = (await wanted(page, 'GET', `/labels?scope=p&project_id=${id}&name=tested`)).answer;
  await wanted(page, 'POST', '/projects/harbour/repositories/team%252Fhello/artifacts/v2/labels', { id: tested.id });

  for (const [name, duration, description, actions] of [
    ['ci', 90, 'Pipeline of team/hello', ['push', 'pull']],
    ['cluster', 365, 'Production cluster', ['pull']],
    ['old-runner', 10, 'Goes with the old runners', ['push', 'pull']],
  ]) {
    const permissions = [{ kind: 'project', namespace: 'harbour', access: actions.map((action) => ({ resource: 'repository', action })) }];
    await wanted(page, 'POST', '/robots', { name, level: 'project', duration, description, permissions });
  }
  await wanted(page, 'POST', '/projects/harbour/immutabletagrules', rule('v*', '**'));
  await wanted(page, 'POST', '/projects/harbour/immutabletagrules', rule('*', 'prod/**'));

  await wanted(page, 'POST', '/retentions', {
    algorithm: 'or', scope: { level: 'project', ref: id }, trigger: { kind: 'Schedule', settings: { cron: '0 0 4 * * *' } }, rules: [kept('always', undefined, 'v*'), kept('nDaysSinceLastPull', 30, '**')],
  });
  await replicate(page);

  await wanted(page, 'PUT', `/quotas/${id}`, { hard: { storage: 1.5 * 1024 ** 2 } }); // nearly full

  // Not all of the log is one person's.
  await as('jonas', 'POST', '/api/v2.0/projects/harbour/repositories/team%252Fhello/artifacts/v2/tags', { name: 'stable' });
  await as('jonas', 'DELETE', '/api/v2.0/projects/harbour/repositories/team%252Fhello/artifacts/v2/tags/stable');
  await as('amara', 'GET', '/v2/harbour/team/hello/manifests/v2');
  await as('yuki', 'POST', '/v2/harbour/team/hello/blobs/uploads/');
}

/** The server itself stands for the second site. */
async function replicate(page) {
  const credential = { type: 'basic', access_key: process.env.ADMIN_USER ?? 'admin', access_secret: process.env.ADMIN_PASSWORD };
  const { location } = await wanted(page, 'POST', '/registries', { name: 'backup', type: 'harbor', url: process.env.BASE_URL, insecure: true, credential });
  const filters = [{ type: 'name', value: 'harbour/**' }, { type: 'tag', value: 'v*' }];
  const dest_registry = { id: Number(location.split('/').at(-1)) };
  const policy = { enabled: true, override: true, dest_registry, filters, dest_namespace: 'mirror', trigger: { type: 'scheduled', trigger_settings: { cron: '0 0 1 * * *' } } };
  const made = await wanted(page, 'POST', '/replication/policies', { ...policy, name: 'releases to backup' });
  const run = await wanted(page, 'POST', '/replication/executions', { policy_id: Number(made.location.split('/').at(-1)) });
  for (let status = 'InProgress'; status === 'InProgress';) ({ status } = (await wanted(page, 'GET', run.location.replace('/api/v2.0', ''))).answer);
}

/** As docker does it: with a token for what is asked for, if the server gives one. */
async function as(name, method, path, body) {
  const basic = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  let authorization = basic;
  if (path.startsWith('/v2/')) {
    const scope = `repository:harbour/team/hello:${method === 'GET' ? 'pull' : 'pull,push'}`;
    const answer = await fetch(`${process.env.BASE_URL}/service/token?service=harbor-registry&scope=${scope}`, { headers: { Authorization: basic } });
    authorization = `Bearer ${(await answer.json()).token}`;
  }
  const headers = { Authorization: authorization, ...(body ? { 'Content-Type': 'application/json' } : {}) };
  await fetch(process.env.BASE_URL + path, { method, headers, body: body && JSON.stringify(body) });
}

const copy = (page, from, to) => wanted(page, 'POST', `${to}/artifacts?from=${encodeURIComponent(from)}`);

const rule = (tags, repositories) => ({
  action: 'immutable',
  template: 'immutable_template',
  disabled: false,
  tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: tags }],
  scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: repositories }] },
});

const kept = (template, number, tags) => ({
  action: 'retain',
  template,
  params: number === undefined ? {} : { [template]: number },
  tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: tags, extras: '{"untagged":false}' }],
  scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
});
