import { api, created, projectFor } from './access.mjs';
import { ago } from './data.mjs';
import { change } from './edition.mjs';
import { page } from './list.mjs';
import { refuse } from './refusal.mjs';

const selector = (decoration, pattern, extras) => ({ kind: 'doublestar', decoration, pattern, ...(extras ? { extras } : {}) });
const rule = (template, number, tags) => ({
  action: 'retain', template, params: number === undefined ? {} : { [template]: number }, tag_selectors: [selector('matches', tags, '{"untagged":false}')], scope_selectors: { repository: [selector('repoMatches', '**')] },
});

/** Only the first project has one. */
function policies({ state }) {
  if (!state.retentions) {
    state.retentions = [{ id: 1, algorithm: 'or', rules: [rule('always', undefined, 'v*'), rule('latestPushedK', 10, '**')], scope: { level: 'project', ref: 1 }, trigger: { kind: 'Schedule', settings: { cron: '0 0 4 * * *' } }, update_time: ago(60 * 24 * 4) }];
    state.retentionRuns = [['Success', false, 300], ['Success', true, 900]].map(([status, dry_run, minutes], i) => ({ id: 2 - i, policy_id: 1, status, dry_run, trigger: i ? 'MANUAL' : 'SCHEDULE', start_time: ago(minutes), end_time: ago(minutes - 1) }));
  }
  return state.retentions;
}
function find(context, id) {
  const found = policies(context).find((each) => String(each.id) === id);
  if (!found) throw refuse(404, 'NOT_FOUND', `retention policy ${id} not found`);
  projectFor(context, String(found.scope.ref));
  return found;
}
const runs = (context, id) => (find(context, id), context.state.retentionRuns.filter((each) => String(each.policy_id) === id));

export const retentionRoutes = [
  ['POST', api('/retentions/preview'), (context) => {
    const project = projectFor(context, String(context.body.scope.ref));
    const items = context.state.artifacts.filter((each) => each.project_id === project.project_id && each.tags).slice(10, 14).map((each) => ({
      digest: each.digest, kind: 'image', push_time: each.push_time, repository: each.repository_name?.split('/').slice(1).join('/') ?? 'team/app', rules: [1], size: each.size, tag_count: each.tags.length, tags: each.tags.map(({ name }) => name),
    }));
    return { body: { along: 0, bytes: 410 * 1024 ** 2, deleted: items.length, immutable: 1, items, listed: 0, repositories: 3, retained: 60, total: 60 + items.length } };
  }],
  ['GET', api('/retentions/{}'), (context, id) => ({ body: find(context, id) })],
  ['POST', api('/retentions'), (context) => {
    const project = projectFor(context, String(context.body.scope.ref), 'update');
    const all = policies(context);
    const id = Math.max(...all.map((each) => each.id), 0) + 1;
    all.push({ ...context.body, id, update_time: ago(0) });
    project.metadata.retention_id = String(id);
    return created(`/api/v2.0/retentions/${id}`);
  }],
  ['PUT', api('/retentions/{}'), (context, id) => { const { rules, trigger } = context.body; change(context, find(context, id), { rules, trigger }); return {}; }],
  ['DELETE', api('/retentions/{}'), (context, id) => {
    const found = find(context, id);
    delete projectFor(context, String(found.scope.ref), 'update').metadata.retention_id;
    context.state.retentions.splice(context.state.retentions.indexOf(found), 1);
    return {};
  }],
  ['GET', api('/retentions/{}/executions'), (context, id) => page(runs(context, id), context.query)],
  ['POST', api('/retentions/{}/executions'), (context, id) => {
    const number = Math.max(...runs(context, id).map((each) => each.id), 0) + 1;
    context.state.retentionRuns.unshift({ id: number, policy_id: Number(id), status: 'Success', dry_run: context.body.dry_run, trigger: 'MANUAL', start_time: ago(0), end_time: ago(0) });
    return created(`/api/v2.0/retentions/${id}/executions/${number}`);
  }],
  ['PATCH', api('/retentions/{}/executions/{}'), (context, id) => (find(context, id), {})],
  ['GET', api('/retentions/{}/executions/{}/tasks'), (context, id, run) => (find(context, id), page(['team/app', 'postgres'].map((repository, i) => ({
    id: i + 1, execution_id: Number(run), job_id: `keep-${i}`, repository, retained: 10, total: 14 - i, start_time: ago(300), end_time: ago(299), status: 'Success', status_code: 3,
  })), context.query))],
  ['GET', api('/retentions/{}/executions/{}/tasks/{}'), (context, id) => (find(context, id), { text: '| Digest | Tag | Kind | Labels | PushedTime | PulledTime | CreatedTime | Retention |\n' })],
];
