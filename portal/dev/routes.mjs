import { readFile } from 'node:fs/promises';
import { administrator, api, created, projectFor, record, roleIn, shownProject, shownUser, signedIn, strong, weak } from './access.mjs';
import { activityRoutes } from './activity.mjs';
import { artifactRoutes } from './artifacts.mjs';
import { auditRoutes } from './audit.mjs';
import { configurationRoutes, settings } from './configurations.mjs';
import { ago, permissionsOf } from './data.mjs';
import { change } from './edition.mjs';
import { immutableRoutes } from './immutable.mjs';
import { jobRoutes } from './jobs.mjs';
import { labelRoutes } from './labels.mjs';
import { page } from './list.mjs';
import { ownRoutes } from './mine.mjs';
import { quotaRoutes } from './quotas.mjs';
import { refuse } from './refusal.mjs';
import { registryRoutes } from './registries.mjs';
import { repositoryRoutes } from './repositories.mjs';
import { retentionRoutes } from './retention.mjs';
import { robotRoutes } from './robots.mjs';
import { searchRoutes } from './search.mjs';

export const routes = [
  ['GET', api('/systeminfo'), ({ request, state, user }) => ({ body: { auth_mode: 'db_auth', self_registration: settings(state).self_registration, banner_message: settings(state).banner_message, ...(user ? { harbor_version: 'v0.1.0-dev', registry_url: request.headers.host, read_only: settings(state).read_only, project_creation_restriction: settings(state).project_creation_restriction } : {}) } })],
  ['POST', /^\/c\/login$/, (context) => {
    const { state, session, body } = context;
    const user = state.users.find((each) => each.username === body.principal && each.password === body.password);
    if (!user) throw refuse(401, 'UNAUTHORIZED', 'unauthorized');
    session.userId = user.user_id;
    record({ state, user }, 'login', 'user', user.username);
    return {};
  }],
  ['GET', api('/openapi.json'), async () => ({ text: await readFile(new URL('../../core/api/openapi.json', import.meta.url), 'utf8'), headers: { 'Content-Type': 'application/json' } })],
  ['GET', api('/ping'), () => ({ text: 'Pong' })],
  ['GET', /^\/c\/log_out$/, ({ session }) => { session.userId = 0; return {}; }],
  ['GET', /^\/service\/token$/, () => ({ body: { token: 'made-up', expires_in: 1800 } })],
  ['GET', /^\/v2\/.+\/manifests\/(.+)$/, ({ state }, digest) => {
    const text = state.manifests.get(digest);
    if (!text) throw refuse(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    return { text, headers: { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' } };
  }],

  ['GET', api('/users/current'), (context) => ({ body: shownUser(signedIn(context)) })],
  ['GET', api('/users/current/permissions'), (context) => {
    const id = /^\/project\/(\d+)$/.exec(context.query.get('scope') ?? '')?.[1];
    const project = context.state.projects.find((each) => String(each.project_id) === id);
    return { body: project ? permissionsOf(signedIn(context).sysadmin_flag ? 1 : roleIn(context, project)) : [] };
  }],
  ['GET', api('/users/search'), (context) => {
    signedIn(context);
    const name = context.query.get('username') ?? '';
    return page(context.state.users.filter((user) => user.username.includes(name)).map(({ user_id, username }) => ({ user_id, username })), context.query);
  }],
  ['GET', api('/users'), (context) => (administrator(context), page(context.state.users.map(shownUser), context.query))],
  ['POST', api('/users'), (context) => {
    if (context.user || !settings(context.state).self_registration) administrator(context);
    const { users } = context.state;
    const { username, email, realname, password } = context.body;
    if (users.some((user) => user.username === username || user.email === email)) throw refuse(409, 'CONFLICT', `user ${username} or email ${email} already exists`);
    if (!strong(password)) throw weak();
    const user_id = Math.max(...users.map((user) => user.user_id)) + 1;
    users.push({ user_id, username, email, realname, password, comment: '', sysadmin_flag: false, admin_role_in_auth: false, creation_time: ago(0), update_time: ago(0) });
    record(context, 'create', 'user', username);
    return created(`/api/v2.0/users/${user_id}`);
  }],
  ['PUT', api('/users/{}'), (context, id) => { Object.assign(findUser(context, id), context.body, { update_time: ago(0) }); return {}; }],
  ['PUT', api('/users/{}/sysadmin'), (context, id) => { administrator(context); findUser(context, id).sysadmin_flag = context.body.sysadmin_flag; return {}; }],
  ['PUT', api('/users/{}/password'), (context, id) => {
    const user = findUser(context, id);
    if (user === context.user && context.body.old_password !== user.password) throw refuse(403, 'FORBIDDEN', 'Current password is incorrect');
    if (!strong(context.body.new_password)) throw weak();
    user.password = context.body.new_password;
    return {};
  }],
  ['DELETE', api('/users/{}'), (context, id) => {
    administrator(context);
    const user = findUser(context, id);
    context.state.users.splice(context.state.users.indexOf(user), 1);
    context.state.members = context.state.members.filter((member) => member.entity_id !== user.user_id);
    record(context, 'delete', 'user', user.username);
    return {};
  }],

  ['GET', api('/projects'), (context) => {
    const wanted = context.query.get('public');
    const over = Number(context.query.get('storage_over') ?? 0);
    const mine = context.query.get('mine') === 'true';
    const seen = context.state.projects.filter((project) => (!mine || roleIn(context, project) > 0) && (over === 0 || (project.quota > 0 && project.used > (project.quota * over) / 100))).filter((project) => (context.user?.sysadmin_flag || project.metadata.public === 'true' || roleIn(context, project) > 0) && (wanted === null || project.metadata.public === wanted));
    return page(seen.map((project) => shownProject(context, project)), context.query);
  }],
  ['POST', api('/projects'), (context) => {
    const user = signedIn(context);
    const { projects, members } = context.state;
    const { project_name: name, metadata, storage_limit = -1 } = context.body;
    if (!/^[a-z0-9]+([._-][a-z0-9]+)*$/.test(name)) throw refuse(400, 'BAD_REQUEST', 'project name is not in lower case or contains illegal characters');
    if (projects.some((project) => project.name === name)) throw refuse(409, 'CONFLICT', `The project named ${name} already exists`);
    const project_id = Math.max(...projects.map((project) => project.project_id)) + 1;
    projects.push({ project_id, name, owner_id: user.user_id, owner_name: user.username, creation_time: ago(0), update_time: ago(0), metadata: { public: metadata?.public ?? 'false' }, quota: storage_limit, used: 0 });
    members.push({ id: project_id * 100, project_id, entity_id: user.user_id, entity_name: user.username, entity_type: 'u', role_id: 1 });
    record(context, 'create', 'project', name, project_id);
    return created(`/api/v2.0/projects/${project_id}`);
  }],
  ['GET', api('/projects/{}'), (context, name) => ({ body: shownProject(context, projectFor(context, name)) })],
  ['PUT', api('/projects/{}'), (context, name) => {
    const project = projectFor(context, name, 'update');
    change(context, project, context.body.storage_limit === undefined ? {} : { quota: context.body.storage_limit });
    Object.assign(project.metadata, context.body.metadata);
    return {};
  }],
  ['DELETE', api('/projects/{}'), (context, name) => {
    const project = projectFor(context, name, 'delete');
    if (context.state.repositories.some((each) => each.project_id === project.project_id)) throw refuse(412, 'PRECONDITION', 'precondition failed: the project contains repositories, can not be deleted');
    context.state.projects.splice(context.state.projects.indexOf(project), 1);
    record(context, 'delete', 'project', name, project.project_id);
    return {};
  }],
  ['GET', api('/projects/{}/_deletable'), (context, name) => {
    const project = projectFor(context, name);
    const holds = context.state.repositories.some((each) => each.project_id === project.project_id);
    return { body: holds ? { deletable: false, message: 'the project contains repositories, can not be deleted' } : { deletable: true } };
  }],
  ['GET', api('/projects/{}/summary'), (context, name) => {
    const project = projectFor(context, name);
    return { body: { repo_count: shownProject(context, project).repo_count, project_admin_count: 1, quota: { hard: { storage: project.quota }, used: { storage: project.used } } } };
  }],

  ['GET', api('/projects/{}/members'), (context, name) => {
    const project = projectFor(context, name, 'list', 'member');
    const wanted = context.query.get('entityname') ?? '';
    return page(context.state.members.filter((member) => member.project_id === project.project_id && member.entity_name.includes(wanted)), context.query);
  }],
  ['POST', api('/projects/{}/members'), (context, name) => {
    const project = projectFor(context, name, 'create', 'member');
    const { state, body } = context;
    const user = state.users.find((each) => each.username === body.member_user?.username);
    if (!user) throw refuse(404, 'NOT_FOUND', `user ${body.member_user?.username} is not found`);
    if (state.members.some((member) => member.project_id === project.project_id && member.entity_id === user.user_id)) throw refuse(409, 'CONFLICT', 'The project member specified already exist');
    const id = Math.max(...state.members.map((member) => member.id)) + 1;
    state.members.push({ id, project_id: project.project_id, entity_id: user.user_id, entity_name: user.username, entity_type: 'u', role_id: body.role_id });
    record(context, 'create', 'member', user.username, project.project_id);
    return created(`/api/v2.0/projects/${project.project_id}/members/${id}`);
  }],
  ['PUT', api('/projects/{}/members/{}'), (context, name, id) => {
    projectFor(context, name, 'update', 'member');
    context.state.members.find((member) => member.id === Number(id)).role_id = context.body.role_id;
    return {};
  }],
  ['DELETE', api('/projects/{}/members/{}'), (context, name, id) => {
    const project = projectFor(context, name, 'delete', 'member');
    const member = context.state.members.find((each) => each.id === Number(id));
    context.state.members = context.state.members.filter((each) => each !== member);
    record(context, 'delete', 'member', member.entity_name, project.project_id);
    return {};
  }],

  ...repositoryRoutes,
  ...artifactRoutes,
  ...labelRoutes,
  ...immutableRoutes,
  ...robotRoutes,
  ...quotaRoutes,
  ...configurationRoutes,
  ...jobRoutes,
  ...registryRoutes,
  ...retentionRoutes,

  ...activityRoutes,
  ...auditRoutes,
  ...ownRoutes,
  ...searchRoutes,
];

function findUser(context, id) {
  const user = context.state.users.find((each) => String(each.user_id) === id);
  if (signedIn(context) !== user) administrator(context);
  if (!user) throw refuse(404, 'NOT_FOUND', `user ${id} not found`);
  return user;
}
