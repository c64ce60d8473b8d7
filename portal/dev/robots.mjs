// Robot accounts of projects and of the system, and what they can be given.
import { randomBytes } from 'node:crypto';
import { administrator, api, created, projectFor, record, signedIn } from './access.mjs';
import { ago } from './data.mjs';
import { change } from './edition.mjs';
import { page, terms } from './list.mjs';
import { refuse } from './refusal.mjs';

const words = { c: 'create', r: 'read', u: 'update', d: 'delete', l: 'list', s: 'stop', p: 'pull', P: 'push' };
const catalogueOf = (table) => Object.entries(table).flatMap(([resource, letters]) => [...letters].map((letter) => ({ resource, action: words[letter] })));
const catalogue = {
  project: catalogueOf({
    log: 'l', project: 'rdu', metadata: 'rcdlu', repository: 'rudlpP', artifact: 'rcld', scan: 'crs', sbom: 'csr', tag: 'cld', accessory: 'l', 'artifact-addition': 'r', 'artifact-label': 'cd', scanner: 'cr',
    'preheat-policy': 'rcdlu', 'immutable-tag': 'cdlu', 'notification-policy': 'rcdlu', 'tag-retention': 'rcdlu', label: 'rcdlu', quota: 'r', robot: 'crld', 'export-cve': 'cr', member: 'cruld',
  }),
  system: catalogueOf({
    'audit-log': 'l', 'preheat-instance': 'rcdlu', project: 'lc', 'replication-policy': 'rcdlu', replication: 'rcl', 'replication-adapter': 'l', registry: 'rcdlu', 'scan-all': 'rusc', 'system-volumes': 'r',
    'garbage-collection': 'rclus', 'purge-audit': 'rclus', 'jobservice-monitor': 'ls', scanner: 'rcdlu', label: 'rcdu', 'security-hub': 'rl', catalog: 'r', quota: 'rlu', robot: 'crld', user: 'cruld', 'ldap-user': 'cl', 'user-group': 'cruld',
  }),
};
const pull = [{ resource: 'repository', action: 'pull' }];
const push = [...pull, { resource: 'repository', action: 'push' }];
const inProject = (namespace, access) => ({ kind: 'project', namespace, access });
const days = (count) => Math.round(Date.now() / 1000) + count * 86_400;
const secret = () => randomBytes(24).toString('base64').replaceAll(/[+/=]/g, 'x');

function robots({ state }) {
  state.robots ??= [
    ['library+ci', 1, 'Build pipeline of the shop, on git.example.com', 74, 3, push],
    ['library+cluster-eu', 1, 'Pulls for the production cluster in Frankfurt', -1, 1, pull],
    ['library+nightly', 1, 'Nightly builds', 6, 60 * 9, push],
    ['library+old-runner', 1, '', -12, 60 * 24 * 20, push],
    ['library+reports', 1, 'Weekly report', 200, undefined, catalogue.project.filter(({ action }) => ['read', 'list', 'pull'].includes(action))],
    ['library+release', 1, 'Tags releases and cleans up after itself', 30, 60 * 30, [...push, { resource: 'tag', action: 'create' }, { resource: 'tag', action: 'delete' }, { resource: 'artifact', action: 'delete' }, { resource: 'label', action: 'list' }]],
  ].map(([name, project_id, description, left, used, access], i) => robot(i + 1, name, project_id, description, left, used, [inProject('library', access)]));
  if (state.robots.length === 6) {
    state.robots.push(
      robot(7, 'backup', undefined, 'Copies everything to the second site', 120, 12, [inProject('*', pull), { kind: 'system', namespace: '/', access: [{ resource: 'project', action: 'list' }, { resource: 'catalog', action: 'read' }] }]),
      robot(8, 'deploy', undefined, 'Argo CD', -1, 2, ['library', 'payments', 'platform', 'web'].map((name) => inProject(name, pull))),
    );
  }
  return state.robots;
}
const robot = (id, name, project_id, description, left, used, permissions) => ({
  id, name: `robot$${name}`, project_id, description, level: project_id ? 'project' : 'system', duration: left === -1 ? -1 : Math.abs(left) + 30, disable: id === 3, editable: true, expires_at: left === -1 ? -1 : days(left), permissions,
  creation_time: ago(60 * 24 * 30 + id), update_time: ago(60 * 24 * 9), ...(used === undefined ? {} : { last_used_time: ago(used) }), creator_type: 'local', creator_ref: 1,
});
const shown = ({ project_id: _, ...rest }) => rest;

function guard(context, of, action) {
  if (of === undefined) return void administrator(context);
  projectFor(context, String(of), action, 'robot');
}
function find(context, id, action) {
  const found = robots(context).find((each) => String(each.id) === id);
  if (!found) throw refuse(404, 'NOT_FOUND', `robot ${id} not found`);
  guard(context, found.project_id, action);
  return found;
}

export const robotRoutes = [
  ['GET', api('/permissions'), (context) => (signedIn(context), { body: catalogue })],
  ['GET', api('/robots'), (context) => {
    const { Level, ProjectID } = terms(context.query);
    const of = Level === 'project' ? Number(ProjectID) : undefined;
    guard(context, of, 'list');
    return page(robots(context).filter((each) => each.project_id === of).map(shown), context.query, ['Level', 'ProjectID']);
  }],
  ['POST', api('/robots'), (context) => {
    const { body } = context;
    const of = body.level === 'project' ? context.state.projects.find((each) => each.name === body.permissions[0]?.namespace) : undefined;
    guard(context, of?.project_id, 'create');
    if (!body.permissions?.length) throw refuse(400, 'BAD_REQUEST', 'bad request empty permission');
    const name = `robot$${of ? `${of.name}+` : ''}${body.name}`;
    const all = robots(context);
    if (all.some((each) => each.name === name)) throw refuse(409, 'CONFLICT', `robot account ${of?.project_id ?? 0}:${body.name} already exists`);
    const made = { ...body, id: Math.max(...all.map((each) => each.id)) + 1, name, project_id: of?.project_id, editable: true, expires_at: body.duration === -1 ? -1 : days(body.duration), creation_time: ago(0), update_time: ago(0), creator_type: 'local', creator_ref: 1 };
    all.unshift(made);
    record(context, 'create', 'robot', name, of?.project_id);
    return { ...created(`/api/v2.0/robots/${made.id}`), body: { id: made.id, name, secret: secret(), creation_time: made.creation_time, expires_at: made.expires_at } };
  }],
  ['PUT', api('/robots/{}'), (context, id) => {
    const { description, disable, duration, permissions } = context.body;
    const found = find(context, id, 'update');
    change(context, found, { description, disable, duration, permissions, expires_at: duration === -1 ? -1 : Math.round(Date.parse(found.creation_time) / 1000) + duration * 86_400 });
    return {};
  }],
  ['PATCH', api('/robots/{}'), (context, id) => {
    find(context, id, 'update').update_time = ago(0);
    return { body: context.body.secret ? {} : { secret: secret() } };
  }],
  ['DELETE', api('/robots/{}'), (context, id) => {
    const found = find(context, id, 'delete');
    context.state.robots.splice(context.state.robots.indexOf(found), 1);
    record(context, 'delete', 'robot', found.name, found.project_id);
    return {};
  }],
];
