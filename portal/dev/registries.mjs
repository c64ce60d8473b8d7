// Other registries, and what is copied between them and here. Nothing is asked and nothing is copied.
import { administrator, api, created } from './access.mjs';
import { ago } from './data.mjs';
import { change } from './edition.mjs';
import { page } from './list.mjs';
import { never } from './made/basics.mjs';
import { refuse } from './refusal.mjs';

const provider = (description, endpoints) => ({
  description,
  endpoint_pattern: { endpoint_type: endpoints ? 'EndpointPatternTypeList' : 'EndpointPatternTypeStandard', endpoints: endpoints ?? null },
  credential_pattern: { access_key_type: 'AccessKeyTypeStandard', access_key_data: '', access_secret_type: 'AccessSecretTypeStandard', access_secret_data: '' },
});
const providers = {
  harbor: provider('Harbor or Roadstead'), 'docker-registry': provider('Any OCI registry'), 'docker-hub': provider('Docker Hub', [{ key: 'hub.docker.com', value: 'https://hub.docker.com' }]),
  'aws-ecr': provider('Amazon ECR', [{ key: 'eu-central-1', value: 'https://api.ecr.eu-central-1.amazonaws.com' }]), 'google-gcr': provider('Google Artifact Registry', [{ key: 'gcr.io', value: 'https://gcr.io' }]), quay: provider('Quay'),
};
const registry = (id, name, type, url, change = {}) => ({
  id, name, type, url, description: '', insecure: false, credential: { type: 'basic', access_key: 'robot$copy', access_secret: '*****' }, status: 'healthy', status_since: ago(60 * 24 * 3), status_check_time: ago(3),
  creation_time: ago(60 * 24 * (9 + id)), update_time: ago(60 * 24 * id), ...change,
});

function registries({ state }) {
  state.registries ??= [
    registry(1, 'backup', 'harbor', 'https://backup.example.com', { description: 'The second site, Hamburg' }),
    registry(2, 'hub', 'docker-hub', 'https://hub.docker.com', { credential: {} }),
    registry(3, 'ecr-eu', 'aws-ecr', 'https://api.ecr.eu-central-1.amazonaws.com', { status: 'unhealthy', status_reason: 'the registry does not accept the name and the secret: sign in: ecr answered 401: UNAUTHORIZED' }),
    registry(4, 'lab', 'docker-registry', 'http://lab.example.com:5000', { insecure: true }),
  ];
  return state.registries;
}
const run = (id, policy_id, status, minutes, change = {}) => ({
  id, policy_id, status, status_text: '', trigger: id % 2 ? 'scheduled' : 'manual', username: 'admin', start_time: ago(minutes), end_time: status === 'InProgress' ? never : ago(minutes - 4),
  total: 3, succeed: 3, failed: 0, in_progress: 0, stopped: 0, items: 42, done: 42, bytes: 1_840 * 1024 ** 2, rate: 31 * 1024 ** 2, ...change,
});
function replication(context) {
  const { state } = context;
  const [backup, hub] = registries(context);
  state.runs ??= [
    run(5, 1, 'InProgress', 2, { succeed: 1, in_progress: 2, done: 17, bytes: 700 * 1024 ** 2 }),
    run(4, 2, 'Failed', 90, { succeed: 2, failed: 1, status_text: '1 of 3 failed', done: 42 }),
    run(3, 1, 'Succeed', 60 * 24), run(2, 2, 'Stopped', 60 * 48, { succeed: 1, stopped: 2, done: 12 }), run(1, 1, 'Succeed', 60 * 72),
  ];
  const policy = (id, name, values) => ({
    id, name, description: '', creator: 'admin', enabled: true, override: true, deletion: false, replicate_deletion: false, copy_by_chunk: false, single_active_replication: false, speed: 0, concurrency: 0,
    filters: [], dest_namespace_replace_count: -1, creation_time: ago(60 * 24 * 40), update_time: ago(60 * 24 * id), ...values,
  });
  state.replication ??= [
    policy(1, 'releases to backup', { dest_registry: backup, filters: [{ type: 'name', value: '{library,payments}/**' }, { type: 'tag', value: 'v*' }], trigger: { type: 'scheduled', trigger_settings: { cron: '0 0 1 * * *' } }, next_scheduled_time: ago(-60 * 7) }),
    policy(2, 'base images', { src_registry: hub, filters: [{ type: 'name', value: 'library/{alpine,postgres}' }], dest_namespace: 'mirror', trigger: { type: 'manual' } }),
    policy(3, 'every push', { dest_registry: backup, enabled: false, deletion: true, trigger: { type: 'event_based' } }),
  ];
  for (const each of state.replication) each.last_execution = state.runs.find(({ policy_id }) => policy_id === each.id);
  return state;
}
const tasks = (of) => ['library/team/app', 'library/postgres', 'payments/api'].map((source, i) => {
  const status = i < of.failed ? 'Failed' : i < of.failed + of.succeed ? 'Succeed' : of.stopped ? 'Stopped' : 'InProgress';
  return {
    id: of.id * 10 + i, execution_id: of.id, job_id: `copy-${of.id}-${i}`, operation: 'copy', resource_type: 'image', src_resource: `${source} [14 item(s) in total]`, dst_resource: `${source} [14 item(s) in total]`, items: 14,
    done: status === 'Succeed' ? 14 : 5, bytes: 300 * 1024 ** 2, rate: 12 * 1024 ** 2, run_count: status === 'Failed' ? 3 : 1, start_time: of.start_time, end_time: of.end_time, status,
    ...(status === 'Failed' ? { status_text: 'upload the blob sha256:5c1d… to mirror/postgres: backup.example.com has no room left, make some there: it answered 507' } : {}),
  };
});

function find(context, rows, id) {
  administrator(context);
  const found = rows.find((each) => String(each.id) === id);
  if (!found) throw refuse(404, 'NOT_FOUND', `${id} not found`);
  return found;
}
const next = (rows) => Math.max(...rows.map((each) => each.id), 0) + 1;
const named = (rows, query) => rows.filter((each) => each.name.includes(query.get('name') ?? ''));

export const registryRoutes = [
  ['GET', api('/replication/adapterinfos'), (context) => (administrator(context), { body: providers })],
  ['GET', api('/registries'), (context) => (administrator(context), page(named(registries(context), context.query), context.query))],
  ['POST', api('/registries/ping'), (context) => (administrator(context), {})],
  ['POST', api('/registries'), (context) => {
    administrator(context);
    const all = registries(context);
    if (all.some(({ name }) => name === context.body.name)) throw refuse(409, 'CONFLICT', `registry ${context.body.name} already exists`);
    all.push(registry(next(all), context.body.name, context.body.type, context.body.url, { ...context.body, creation_time: ago(0), update_time: ago(0), status_since: ago(0) }));
    return created(`/api/v2.0/registries/${all.at(-1).id}`);
  }],
  ['PUT', api('/registries/{}'), (context, id) => { change(context, find(context, registries(context), id), context.body); return {}; }],
  ['DELETE', api('/registries/{}'), (context, id) => { registries(context).splice(registries(context).indexOf(find(context, registries(context), id)), 1); return {}; }],

  ['GET', api('/replication/policies'), (context) => (administrator(context), page(named(replication(context).replication, context.query), context.query))],
  ['POST', api('/replication/policies/preview'), (context) => {
    administrator(context);
    const match = (source, artifacts) => ({ source, destination: source, artifacts, references: ['v1.2.0', 'v1.1.0'] });
    return { body: { repositories: 2, artifacts: 126, truncated: false, matches: [match('library/team/app', 120), match('library/postgres', 6)] } };
  }],
  ['POST', api('/replication/policies'), (context) => {
    administrator(context);
    const all = replication(context).replication;
    all.push({ ...all[1], last_execution: undefined, src_registry: undefined, ...context.body, id: next(all), creation_time: ago(0), update_time: ago(0) });
    return created(`/api/v2.0/replication/policies/${all.at(-1).id}`);
  }],
  ['PUT', api('/replication/policies/{}'), (context, id) => { change(context, find(context, replication(context).replication, id), context.body); return {}; }],
  ['DELETE', api('/replication/policies/{}'), (context, id) => {
    const all = replication(context).replication;
    all.splice(all.indexOf(find(context, all, id)), 1);
    return {};
  }],
  ['GET', api('/replication/executions'), (context) => {
    administrator(context);
    const { query } = context;
    const wanted = (each) => ['policy_id', 'status'].every((key) => !query.get(key) || String(each[key]) === query.get(key));
    return page(replication(context).runs.filter(wanted), new URLSearchParams({ page: query.get('page') ?? 1, page_size: query.get('page_size') ?? 10 }));
  }],
  ['POST', api('/replication/executions'), (context) => {
    administrator(context);
    const all = replication(context).runs;
    all.unshift(run(next(all), context.body.policy_id, 'Succeed', 0, { trigger: 'manual', end_time: ago(0) }));
    return created(`/api/v2.0/replication/executions/${all[0].id}`);
  }],
  ['GET', api('/replication/executions/{}'), (context, id) => ({ body: find(context, replication(context).runs, id) })],
  ['GET', api('/replication/executions/{}/tasks'), (context, id) => page(tasks(find(context, replication(context).runs, id)), new URLSearchParams())],
  ['GET', api('/replication/executions/{}/plan/log'), (context) => (administrator(context), { text: '2026-11-30T09:00:00Z [INFO] 3 repositories, 42 artifacts\n' })],
  ['GET', api('/replication/executions/{}/tasks/{}/log'), (context) => (administrator(context), { text: '2026-11-30T09:00:01Z [INFO] copying library/team/app [14 item(s) in total]\n2026-11-30T09:00:09Z [INFO] copied library/team/app:v1.2.0: 1 manifests, 6 blobs of 83886080 bytes\n' })],
  ['PUT', api('/replication/executions/{}'), (context, id) => { Object.assign(find(context, replication(context).runs, id), { status: 'Stopped', end_time: ago(0), in_progress: 0, stopped: 2 }); return {}; }],
  ['PUT', api('/replication/executions/{}/retry'), (context, id) => { Object.assign(find(context, replication(context).runs, id), { status: 'Succeed', status_text: '', failed: 0, stopped: 0, succeed: 3 }); return {}; }],
];
