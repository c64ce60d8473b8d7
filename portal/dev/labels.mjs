import { administrator, api, created, projectFor, record, signedIn } from './access.mjs';
import { ago } from './data.mjs';
import { change } from './edition.mjs';
import { page } from './list.mjs';
import { refuse } from './refusal.mjs';

export const labelRoutes = [
  ['GET', api('/labels'), (context) => {
    const scope = context.query.get('scope');
    if (scope !== 'g' && scope !== 'p') throw refuse(400, 'BAD_REQUEST', `invalid scope: ${scope ?? ''}`);
    signedIn(context);
    const name = context.query.get('name') ?? '';
    const project = scope === 'p' ? projectFor(context, context.query.get('project_id') ?? '', 'list', 'label') : undefined;
    return page(context.state.labels.filter((label) => label.scope === scope && label.project_id === project?.project_id && label.name.includes(name)), context.query);
  }],
  ['POST', api('/labels'), (context) => {
    const { name, description, color, scope, project_id } = context.body;
    guard(context, { scope, project_id }, 'create');
    const { labels } = context.state;
    if (labels.some((each) => each.name === name && each.project_id === project_id)) throw refuse(409, 'CONFLICT', `label ${name} already exists`);
    const id = Math.max(...labels.map((each) => each.id)) + 1;
    labels.push({ id, name, description, color, scope, ...(project_id ? { project_id } : {}), creation_time: ago(0), update_time: ago(0) });
    record(context, 'create', 'label', name, project_id);
    return created(`/api/v2.0/labels/${id}`);
  }],
  ['PUT', api('/labels/{}'), (context, id) => {
    const { name, description, color } = context.body;
    change(context, find(context, id, 'update'), { name, description, color });
    return {};
  }],
  ['DELETE', api('/labels/{}'), (context, id) => {
    const label = find(context, id, 'delete');
    context.state.labels.splice(context.state.labels.indexOf(label), 1);
    for (const artifact of context.state.artifacts) artifact.labels = artifact.labels?.filter((each) => each.id !== label.id);
    return {};
  }],
];

function guard(context, { scope, project_id }, action) {
  if (scope === 'g') return void administrator(context);
  projectFor(context, String(project_id), action, 'label');
}
function find(context, id, action) {
  const label = context.state.labels.find((each) => String(each.id) === id);
  if (!label) throw refuse(404, 'NOT_FOUND', `label ${id} not found`);
  guard(context, label, action);
  return label;
}
