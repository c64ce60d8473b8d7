import { api, created, projectFor, record } from './access.mjs';
import { ago } from './data.mjs';
import { change } from './edition.mjs';
import { page } from './list.mjs';
import { refuse } from './refusal.mjs';

const selector = (decoration, pattern) => ({ kind: 'doublestar', decoration, pattern });
const rule = (id, tags, repositories, disabled = false) => ({
  id, disabled, action: 'immutable', template: 'immutable_template', tag_selectors: [tags], scope_selectors: { repository: [repositories] }, project_id: 1, update_time: ago(60 * 24 * id),
});

function rules({ state }, project) {
  state.immutable ??= [
    rule(1, selector('matches', 'v*'), selector('repoMatches', '**')),
    rule(2, selector('excludes', '{latest,edge}'), selector('repoMatches', 'team/**')),
    rule(3, selector('matches', '**'), selector('repoMatches', 'charts/*'), true),
  ];
  return state.immutable.filter((each) => each.project_id === project.project_id);
}
const shown = ({ project_id: _, disabled, ...rest }) => ({ ...rest, ...(disabled ? { disabled } : {}) });
const same = (one, other) => JSON.stringify([one.tag_selectors, one.scope_selectors]) === JSON.stringify([other.tag_selectors, other.scope_selectors]);
const path = '/projects/{}/immutabletagrules';

export const immutableRoutes = [
  ['GET', api(path), (context, name) => page(rules(context, projectFor(context, name, 'list', 'immutable-tag')).map(shown), context.query)],
  ['POST', api(path), (context, name) => {
    const project = projectFor(context, name, 'create', 'immutable-tag');
    if (rules(context, project).some((each) => same(each, context.body))) throw refuse(409, 'CONFLICT', 'immutable rule already exists');
    const id = Math.max(...context.state.immutable.map((each) => each.id), 0) + 1;
    context.state.immutable.push({ ...context.body, id, project_id: project.project_id, update_time: ago(0) });
    record(context, 'create', 'immutable', `${id}`, project.project_id);
    return created(`/api/v2.0/projects/${project.project_id}/immutabletagrules/${id}`);
  }],
  ['PUT', api(`${path}/{}`), (context, name, id) => {
    const found = find(context, name, id, 'update');
    const { disabled, tag_selectors, scope_selectors } = context.body;
    change(context, found, { disabled, tag_selectors, scope_selectors });
    return {};
  }],
  ['DELETE', api(`${path}/{}`), (context, name, id) => {
    context.state.immutable.splice(context.state.immutable.indexOf(find(context, name, id, 'delete')), 1);
    return {};
  }],
];

function find(context, name, id, action) {
  const found = rules(context, projectFor(context, name, action, 'immutable-tag')).find((each) => String(each.id) === id);
  if (!found) throw refuse(404, 'NOT_FOUND', `immutable rule ${id} not found`);
  return found;
}
