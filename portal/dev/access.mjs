// Who may do what in the made-up harbour, and the things by their names: what every route begins with.
import { ago, permissionsOf } from './data.mjs';
import { refuse } from './refusal.mjs';

export const api = (path) => new RegExp(`^/api/v2\\.0${path.replaceAll('{}', '([^/]+)')}$`);

export function signedIn({ user }) {
  if (!user) throw refuse(401, 'UNAUTHORIZED', 'unauthorized');
  return user;
}
export function administrator(context) {
  const user = signedIn(context);
  if (!user.sysadmin_flag) throw refuse(403, 'FORBIDDEN', user.username);
  return user;
}

export function roleIn({ state, user }, project) {
  if (!user) return 0;
  return state.members.find((member) => member.project_id === project.project_id && member.entity_id === user.user_id)?.role_id ?? (user.sysadmin_flag ? 1 : 0);
}
export function mayDo(context, project) {
  const role = roleIn(context, project);
  const granted = role === 0 && project.metadata.public !== 'true' ? [] : permissionsOf(context.user?.sysadmin_flag ? 1 : role);
  return (action, resource) => granted.some((permission) => permission.action === action && permission.resource === resource);
}
export function projectFor(context, name, action = 'read', resource = '.') {
  const project = context.state.projects.find((each) => each.name === name || String(each.project_id) === name);
  if (!project && context.user?.sysadmin_flag) throw refuse(404, 'NOT_FOUND', `project ${name} not found`);
  if (!project || !mayDo(context, project)(action, resource)) {
    signedIn(context);
    throw refuse(403, 'FORBIDDEN', 'forbidden');
  }
  return project;
}
export function shownProject(context, { quota, used, ...project }) {
  const role = roleIn(context, project);
  const inside = context.state.repositories.filter((each) => each.project_id === project.project_id);
  const last = inside.map((each) => each.update_time).sort().at(-1);
  const storage = mayDo(context, project)('read', 'quota') ? { storage_used: used, storage_limit: quota } : {};
  return { ...project, ...storage, ...(last ? { last_push_time: last } : {}), repo_count: inside.length, current_user_role_id: role, current_user_role_ids: role ? [role] : null };
}
export function shownRepository({ state }, repository) {
  return { ...repository, artifact_count: state.artifacts.filter((each) => each.repository_id === repository.id && (each.tags || !isChild(state, each))).length };
}
export const isChild = (state, artifact) => state.artifacts.some((each) => each.references?.some((reference) => reference.child_digest === artifact.digest));
export const shownUser = ({ password: _password, ...user }) => user;

export function repositoryFor(context, projectName, name, action = 'list', resource = 'repository') {
  const project = projectFor(context, projectName, action, resource);
  const repository = context.state.repositories.find((each) => each.name === `${project.name}/${name}`);
  if (!repository) throw refuse(404, 'NOT_FOUND', `repository ${project.name}/${name} not found`);
  return repository;
}
export function artifactFor(context, projectName, name, reference, action = 'read', resource = 'artifact') {
  const repository = repositoryFor(context, projectName, name, action, resource);
  const found = context.state.artifacts.find((each) => each.repository_id === repository.id && (each.digest === reference || each.tags?.some((tag) => tag.name === reference)));
  if (!found) throw refuse(404, 'NOT_FOUND', `artifact ${repository.name}:${reference} not found`);
  return found;
}
export function record({ state, user }, operation, resource_type, resource, project_id) {
  state.audit.unshift({ id: state.audit[0].id + 1, username: user?.username ?? '', operation, resource_type, resource, operation_description: `${operation} ${resource_type}: ${resource}`, operation_result: true, op_time: ago(0), project_id });
}
export const strong = (password) => /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,128}$/.test(password ?? '');
export const weak = () => refuse(400, 'BAD_REQUEST', 'the password or secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number');
export const created = (location) => ({ status: 201, headers: { Location: location } });
