import { ago, history, newTag, permissionsOf } from './data.mjs';
import { page, terms } from './list.mjs';
import { refuse } from './refusal.mjs';

const api = (path) => new RegExp(`^/api/v2\\.0${path.replaceAll('{}', '([^/]+)')}$`);
const repo = '/projects/{}/repositories/{}';
const artifactPath = `${repo}/artifacts/{}`;

function signedIn({ user }) {
  if (!user) throw refuse(401, 'UNAUTHORIZED', 'unauthorized');
  return user;
}
function administrator(context) {
  const user = signedIn(context);
  if (!user.sysadmin_flag) throw refuse(403, 'FORBIDDEN', user.username);
  return user;
}

function roleIn({ state, user }, project) {
  if (!user) return 0;
  return state.members.find((member) => member.project_id === project.project_id && member.entity_id === user.user_id)?.role_id ?? (user.sysadmin_flag ? 1 : 0);
}
function mayDo(context, project) {
  const role = roleIn(context, project);
  const granted = role === 0 && project.metadata.public !== 'true' ? [] : permissionsOf(context.user?.sysadmin_flag ? 1 : role);
  return (action, resource) => granted.some((permission) => permission.action === action && permission.resource === resource);
}
function projectFor(context, name, action = 'read', resource = '.') {
  const project = context.state.projects.find((each) => each.name === name || String(each.project_id) === name);
  if (!project && context.user?.sysadmin_flag) throw refuse(404, 'NOT_FOUND', `project ${name} not found`);
  if (!project || !mayDo(context, project)(action, resource)) {
    signedIn(context);
    throw refuse(403, 'FORBIDDEN', 'forbidden');
  }
  return project;
}
function shownProject(context, { quota: _quota, used: _used, ...project }) {
  const role = roleIn(context, project);
  const repo_count = context.state.repositories.filter((each) => each.project_id === project.project_id).length;
  return { ...project, repo_count, current_user_role_id: role, current_user_role_ids: role ? [role] : null };
}
function shownRepository({ state }, repository) {
  return { ...repository, artifact_count: state.artifacts.filter((each) => each.repository_id === repository.id && (each.tags || !isChild(state, each))).length };
}
const isChild = (state, artifact) => state.artifacts.some((each) => each.references?.some((reference) => reference.child_digest === artifact.digest));
const shownUser = ({ password: _password, ...user }) => user;

function repositoryFor(context, projectName, name, action = 'list', resource = 'repository') {
  const project = projectFor(context, projectName, action, resource);
  const repository = context.state.repositories.find((each) => each.name === `${project.name}/${name}`);
  if (!repository) throw refuse(404, 'NOT_FOUND', `repository ${project.name}/${name} not found`);
  return repository;
}
function artifactFor(context, projectName, name, reference, action = 'read', resource = 'artifact') {
  const repository = repositoryFor(context, projectName, name, action, resource);
  const found = context.state.artifacts.find((each) => each.repository_id === repository.id && (each.digest === reference || each.tags?.some((tag) => tag.name === reference)));
  if (!found) throw refuse(404, 'NOT_FOUND', `artifact ${repository.name}:${reference} not found`);
  return found;
}
function record({ state, user }, operation, resource_type, resource, project_id) {
  state.audit.unshift({ id: state.audit[0].id + 1, username: user?.username ?? '', operation, resource_type, resource, operation_description: `${operation} ${resource_type}: ${resource}`, operation_result: true, op_time: ago(0), project_id });
}
const strong = (password) => /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,128}$/.test(password ?? '');
const weak = () => refuse(400, 'BAD_REQUEST', 'the password or secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number');
const created = (location) => ({ status: 201, headers: { Location: location } });

export const routes = [
  ['GET', api('/systeminfo'), ({ request, user }) => ({ body: { auth_mode: 'db_auth', self_registration: false, banner_message: '', ...(user ? { harbor_version: 'v0.1.0-dev', registry_url: request.headers.host, read_only: false, project_creation_restriction: 'everyone' } : {}) } })],
  ['POST', /^\/c\/login$/, (context) => {
    const { state, session, body } = context;
    const user = state.users.find((each) => each.username === body.principal && each.password === body.password);
    if (!user) throw refuse(401, 'UNAUTHORIZED', 'unauthorized');
    session.userId = user.user_id;
    record({ state, user }, 'login', 'user', user.username);
    return {};
  }],
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
    administrator(context);
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
    const seen = context.state.projects.filter((project) => (context.user?.sysadmin_flag || project.metadata.public === 'true' || roleIn(context, project) > 0) && (wanted === null || project.metadata.public === wanted));
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
  ['PUT', api('/projects/{}'), (context, name) => { Object.assign(projectFor(context, name, 'update').metadata, context.body.metadata); return {}; }],
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

  ['GET', api('/repositories'), (context) => {
    const open = new Set(context.state.projects.filter((project) => mayDo(context, project)('list', 'repository')).map((project) => project.project_id));
    return page(context.state.repositories.filter((each) => open.has(each.project_id)).map((each) => shownRepository(context, each)), context.query);
  }],
  ['GET', api('/projects/{}/repositories'), (context, name) => {
    const project = projectFor(context, name, 'list', 'repository');
    return page(context.state.repositories.filter((each) => each.project_id === project.project_id).map((each) => shownRepository(context, each)), context.query);
  }],
  ['GET', api(repo), (context, project, name) => ({ body: shownRepository(context, repositoryFor(context, project, name)) })],
  ['PUT', api(repo), (context, project, name) => { repositoryFor(context, project, name, 'update').description = context.body.description; return {}; }],
  ['DELETE', api(repo), (context, project, name) => {
    const repository = repositoryFor(context, project, name, 'delete');
    context.state.repositories.splice(context.state.repositories.indexOf(repository), 1);
    return {};
  }],

  ['GET', api(`${repo}/artifacts`), (context, project, name) => {
    const repository = repositoryFor(context, project, name, 'list', 'artifact');
    const { tags } = terms(context.query);
    const untagged = (artifact) => !artifact.tags?.length;
    const wanted = (artifact) => tags === undefined || (tags === '*' ? !untagged(artifact) : tags === 'nil' ? untagged(artifact) : artifact.tags?.some((tag) => tag.name.includes(tags.replace(/^~/, ''))));
    const listed = context.state.artifacts.filter((each) => each.repository_id === repository.id && (each.tags || !isChild(context.state, each)) && wanted(each));
    return page(listed, context.query, ['tags']);
  }],
  ['GET', api(artifactPath), (context, ...place) => ({ body: artifactFor(context, ...place) })],
  ['DELETE', api(artifactPath), (context, ...place) => {
    const artifact = artifactFor(context, ...place, 'delete');
    if (isChild(context.state, artifact)) throw refuse(412, 'VIOLATE_FOREIGN_KEY_CONSTRAINT', 'the deleting artifact is referenced by others');
    context.state.artifacts.splice(context.state.artifacts.indexOf(artifact), 1);
    return {};
  }],
  ['GET', api(`${artifactPath}/tags`), (context, ...place) => page(artifactFor(context, ...place).tags ?? [], context.query)],
  ['POST', api(`${artifactPath}/tags`), (context, ...place) => {
    const artifact = artifactFor(context, ...place, 'create', 'tag');
    const { name } = context.body;
    if (context.state.artifacts.some((each) => each.repository_id === artifact.repository_id && each.tags?.some((tag) => tag.name === name))) throw refuse(409, 'CONFLICT', `tag ${name} already exists under the repository ${artifact.repository_id}`);
    artifact.tags = [...(artifact.tags ?? []), newTag(artifact, name)];
    return created('');
  }],
  ['DELETE', api(`${artifactPath}/tags/{}`), (context, project, name, reference, tag) => {
    const artifact = artifactFor(context, project, name, reference, 'delete', 'tag');
    artifact.tags = artifact.tags.filter((each) => each.name !== tag);
    return {};
  }],
  ['GET', api(`${artifactPath}/accessories`), (context, ...place) => page(artifactFor(context, ...place).accessories ?? [], context.query)],
  ['GET', api(`${artifactPath}/additions/build_history`), (context, ...place) => (artifactFor(context, ...place), { body: history })],

  ['GET', api(`${artifactPath}/additions/manifest`), (context, ...place) => ({ text: context.state.manifests.get(artifactFor(context, ...place).digest) })],

  ['GET', api('/auditlog-exts'), (context) => {
    const user = signedIn(context);
    return page(context.state.audit.filter((entry) => user.sysadmin_flag || entry.username === user.username), context.query);
  }],
  ['GET', api('/auditlog-exts/events'), () => ({ body: ['create_artifact', 'delete_artifact', 'pull_artifact', 'create_project', 'login_user'].map((event_type) => ({ event_type })) })],
  ['GET', api('/projects/{}/auditlog-exts'), (context, name) => {
    const project = projectFor(context, name, 'list', 'log');
    return page(context.state.audit.filter((entry) => entry.project_id === project.project_id), context.query);
  }],
];

function findUser(context, id) {
  const user = context.state.users.find((each) => String(each.user_id) === id);
  if (signedIn(context) !== user) administrator(context);
  if (!user) throw refuse(404, 'NOT_FOUND', `user ${id} not found`);
  return user;
}
