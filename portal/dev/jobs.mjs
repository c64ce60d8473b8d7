// What the made-up server does in the background: jobs, their schedules, its upkeep, and its storage.
import { administrator, api, created } from './access.mjs';
import { ago } from './data.mjs';
import { page } from './list.mjs';
import { refuse } from './refusal.mjs';

const mebibyte = 1024 ** 2;
const kinds = ['GARBAGE_COLLECTION', 'CHECK_STORAGE', 'RETENTION', 'REPLICATION', 'PURGE_AUDIT_LOG'];
const progress = (done, total, bytes = 0, rate = 0) => ({ tasks: 1, ended: done === total ? 1 : 0, done, total, bytes, rate });
const execution = (id, kind, status, minutes, change = {}) => ({
  id, kind, status, trigger: id % 2 ? 'schedule' : 'manual', username: id % 2 ? 'admin' : 'mei.lin', parameters: {}, creation_time: ago(minutes), start_time: ago(minutes),
  ...(status === 'Running' ? {} : { end_time: ago(minutes - 2) }), progress: progress(40, 40), ...change,
});

export function jobs({ state }) {
  state.executions ??= [
    execution(12, 'CHECK_STORAGE', 'Running', 25, { parameters: { verify: true, rate: 50 * mebibyte }, progress: progress(1_310, 4_120, 71_400 * mebibyte, 47 * mebibyte) }),
    execution(11, 'REPLICATION', 'Error', 70, { status_message: '1 of 12 failed, one of them: team/app:v3: mirror.example.com has no room left, make some there', progress: { ...progress(12, 12, 830 * mebibyte, 21 * mebibyte), failed: 1 } }),
    execution(10, 'GARBAGE_COLLECTION', 'Success', 190, { parameters: { workers: 2 }, result: { freed_space: 2_150 * mebibyte, purged_blobs: 210, purged_manifests: 58 }, progress: progress(268, 268, 2_150 * mebibyte, 18 * mebibyte) }),
    execution(9, 'RETENTION', 'Success', 600, { progress: progress(120, 120) }),
    execution(8, 'PURGE_AUDIT_LOG', 'Stopped', 1_500, { progress: progress(5_000, 18_000) }),
    ...Array.from({ length: 7 }, (_, i) => execution(7 - i, kinds[i % 5], 'Success', 1_440 * (i + 2))),
  ];
  state.queues ??= [...kinds, 'SCHEDULER'].map((job_type, i) => ({ job_type, paused: false, count: i === 3 ? 2 : 0, latency: i === 3 ? 40 : 0, running: i === 1 ? 1 : 0 }));
  return state.executions;
}
const schedules = [['GARBAGE_COLLECTION', 'Weekly', '0 0 0 * * 0'], ['PURGE_AUDIT_LOG', 'Custom', '0 30 2 * * 1-5'], ['CHECK_STORAGE', 'Weekly', '0 0 3 * * 6']].map(([vendor_type, cron_type, cron], i) => ({
  id: i + 1, vendor_type, vendor_id: -1, cron, cron_type, next_scheduled_time: ago(-60 * (20 + i)), update_time: ago(60 * 24 * 9),
}));
const step = (name, every, change = {}) => ({
  name, cron: every < 60 ? `*/${every} * * * * *` : `0 */${every / 60} * * * *`, every, state: 'fine', start_time: ago(3), success_time: ago(3), took_ms: 14, failures: 0, removed: 3, removed_time: ago(50), total: 4_031, host: 'node-1', pid: 12, ...change,
});
const upkeep = [
  step('statistics', 10), step('garbage_collection', 10, { removed: 58, total: 81_204 }), step('tag_expiry', 30), step('registry_checks', 30), step('session_expiry', 600), step('execution_sweep', 600),
  step('change_sweep', 600), step('deletion_sweep', 600), step('audit_partitions', 600), step('audit_tally', 600),
  step('upload_expiry', 600, { state: 'failing', failures: 4, failing_since: ago(45), error: 'remove upload: the bucket does not answer', error_time: ago(3) }),
];
const pools = ['node-1', 'node-2'].map((host, i) => ({ worker_pool_id: `pool-${i}`, host, pid: 12 + i, concurrency: 13, start_at: ago(60 * 24 * 3), heartbeat_at: ago(0) }));

function find(context, id, kind) {
  administrator(context);
  const found = jobs(context).find((each) => String(each.id) === id && (kind === undefined || each.kind === kind));
  if (!found) throw refuse(404, 'NOT_FOUND', `execution ${id} not found`);
  return found;
}
const taskOf = (run) => ({
  id: run.id * 10, job_id: `job-${run.id}`, kind: run.kind, status: run.status, run_count: 1, parameters: run.parameters, creation_time: run.creation_time, start_time: run.start_time, end_time: run.end_time,
  status_message: run.status_message, pool_id: 'pool-0', done: run.progress.done, total: run.progress.total, bytes: run.progress.bytes, rate: run.progress.rate,
});
const history = (run) => ({
  id: run.id, job_kind: run.trigger === 'schedule' ? 'SCHEDULE' : 'MANUAL', job_name: run.kind, job_status: run.status, job_parameters: JSON.stringify({ ...run.parameters, ...run.result }), progress: run.progress,
  schedule: { type: 'Manual' }, creation_time: run.creation_time, update_time: run.end_time ?? ago(0),
});
const scheduleOf = (kind, parameters) => {
  const { id, cron, cron_type, update_time } = schedules.find((each) => each.vendor_type === kind);
  return { id, job_kind: cron, job_status: 'Running', job_parameters: JSON.stringify(parameters), schedule: { type: cron_type, cron }, creation_time: update_time, update_time };
};
/** Whatever is started is done at once. */
function start(context, kind) {
  administrator(context);
  const all = jobs(context);
  const id = Math.max(...all.map((each) => each.id)) + 1;
  all.unshift(execution(id, kind, 'Success', 0, { trigger: 'manual', username: context.user.username, parameters: context.body.parameters ?? {}, end_time: ago(0), result: kind === 'GARBAGE_COLLECTION' ? { freed_space: 0, purged_blobs: 0, purged_manifests: 0 } : {} }));
  return created(`/api/v2.0/jobservice/executions/${id}`);
}
const scheduled = (path, kind, parameters) => [
  ['GET', api(path), (context) => (administrator(context), { body: scheduleOf(kind, parameters) })],
  ['POST', api(path), (context) => start(context, kind)],
  ['PUT', api(path), (context) => (administrator(context), {})],
];
const of = (context, kind) => (administrator(context), jobs(context).filter((each) => each.kind === kind));

export const jobRoutes = [
  ['GET', api('/jobservice/executions'), (context) => (administrator(context), page([...jobs(context)], context.query))],
  ['GET', api('/jobservice/executions/{}'), (context, id) => ({ body: find(context, id) })],
  ['GET', api('/jobservice/executions/{}/tasks'), (context, id) => page([taskOf(find(context, id))], context.query)],
  ['PUT', api('/jobservice/executions/{}/stop'), (context, id) => { Object.assign(find(context, id), { status: 'Stopped', end_time: ago(0) }); return {}; }],
  ['PUT', api('/jobservice/executions/{}/retry'), (context, id) => { Object.assign(find(context, id), { status: 'Success', status_message: undefined, end_time: ago(0) }); return {}; }],
  ['GET', api('/jobservice/jobs/{}/log/lines'), (context) => {
    administrator(context);
    const lines = ['compare the index with the storage; read all blobs: true', 'without a row, removed: sha256:5c1d…, 4194304 bytes', 'done'].map((text, i) => ({ seq: i + 1, at: ago(20 - i), level: 'INFO', text }));
    return { body: { lines: lines.filter(({ seq }) => seq > Number(context.query.get('after') ?? 0)), next: lines.length, ended: true } };
  }],
  ['GET', api('/jobservice/queues'), (context) => (administrator(context), jobs(context), { body: context.state.queues })],
  ['PUT', api('/jobservice/queues/{}'), (context, kind) => {
    administrator(context);
    jobs(context);
    const { action } = context.body;
    const queue = context.state.queues.find((each) => each.job_type === kind);
    Object.assign(queue, action === 'stop' ? { count: 0, latency: 0 } : { paused: action === 'pause', paused_by: action === 'pause' ? context.user.username : undefined });
    return {};
  }],
  ['GET', api('/jobservice/upkeep'), (context) => (administrator(context), { body: upkeep })],
  ['GET', api('/jobservice/pools'), (context) => (administrator(context), { body: pools })],
  ['GET', api('/jobservice/pools/all/workers'), (context) => (administrator(context), { body: [{ id: 'w1', pool_id: 'pool-0', job_id: 'job-12', job_name: 'CHECK_STORAGE', check_in: '1310 of 4120', start_at: ago(25) }] })],
  ['GET', api('/schedules'), (context) => (administrator(context), page(schedules, context.query))],
  ['POST', api('/schedules/{}/run'), (context, id) => start(context, schedules.find((each) => String(each.id) === id).vendor_type)],

  ...scheduled('/system/purgeaudit/schedule', 'PURGE_AUDIT_LOG', { audit_retention_hour: 2_160, include_event_types: 'pull_artifact,create_artifact,other' }),
  ['GET', api('/system/purgeaudit'), (context) => page(of(context, 'PURGE_AUDIT_LOG').map(history), context.query)],

  ['GET', api('/system/storage'), (context) => {
    const checks = of(context, 'CHECK_STORAGE');
    const freed = { artifacts: 12, blobs: 210, manifests: 58, links: 0, repositories: 1, bytes: 2_150 * mebibyte };
    return { body: {
      stored: 48_200 * mebibyte, bin: { count: 41, bytes: 3_900 * mebibyte }, waiting: { count: 17, bytes: 320 * mebibyte }, waiting_links: 3, due: { count: 2, bytes: 44 * mebibyte }, due_since: ago(1),
      freed_today: freed, freed_30_days: { ...freed, bytes: 31_000 * mebibyte, blobs: 4_020 }, missing: 1, damaged: 0, paused: false, last_run: history(of(context, 'GARBAGE_COLLECTION')[0]), last_check: history(checks[0]),
    } };
  }],
  ['GET', api('/system/storage/findings'), (context) => (administrator(context), page([{
    digest: `sha256:${'7d'.repeat(32)}`, kind: 'missing', size: 31 * mebibyte, detail: 'its bytes are not in the storage', found_at: ago(60 * 30), seen_at: ago(60), artifact_count: 3,
    artifacts: [{ repository_name: 'library/postgres', digest: `sha256:${'a1'.repeat(32)}`, tag: 'v1.2' }],
  }], context.query))],
  ...scheduled('/system/storage/checks/schedule', 'CHECK_STORAGE', { verify: true, rate: 50 * mebibyte }),
  ...scheduled('/system/gc/schedule', 'GARBAGE_COLLECTION', { delete_untagged: false, workers: 2 }),
  ['GET', api('/system/gc'), (context) => page(of(context, 'GARBAGE_COLLECTION').map(history), context.query)],
  ['PUT', api('/system/gc/{}'), (context, id) => { find(context, id, 'GARBAGE_COLLECTION').status = 'Stopped'; return {}; }],
];
