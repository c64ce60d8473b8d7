import { api, artifactFor, created, isChild, mayDo, projectFor, record, repositoryFor } from './access.mjs';
import { page, terms } from './list.mjs';
import { newTag } from './made/artifacts.mjs';
import { ago } from './made/basics.mjs';
import { chartContent } from './made/chart.mjs';
import { history } from './made/image.mjs';
import { modelContent } from './made/model.mjs';
import { refuse } from './refusal.mjs';

const repo = '/projects/{}/repositories/{}';
const artifactPath = `${repo}/artifacts/{}`;
const untagged = (artifact) => !artifact.tags?.length;

function matches(artifact, { tags, labels, type }) {
  const byTag = tags === undefined || (tags === '*' ? !untagged(artifact) : tags === 'nil' ? untagged(artifact) : artifact.tags?.some((tag) => tag.name.includes(tags.replace(/^~/, ''))));
  const wanted = labels === undefined ? [] : labels.replace(/^\((.*)\)$/, '$1').split(' ').map(Number);
  const byLabel = wanted.every((id) => artifact.labels?.some((label) => label.id === id));
  return byTag && byLabel && (type === undefined || artifact.type === type);
}

function refuseImmutable(artifact) {
  const kept = artifact.tags?.find((tag) => tag.immutable);
  if (kept) throw refuse(412, 'PRECONDITION', `the artifact ${artifact.digest} has the tag ${kept.name}, which an immutable rule protects; edit the rule first`);
}

export const artifactRoutes = [
  ['GET', api(`${repo}/artifacts`), (context, project, name) => {
    const repository = repositoryFor(context, project, name, 'list', 'artifact');
    const wanted = terms(context.query);
    const listed = context.state.artifacts.filter((each) => each.repository_id === repository.id && (each.tags || !isChild(context.state, each)) && matches(each, wanted));
    return page(listed, context.query, ['tags', 'labels', 'type']);
  }],
  ['POST', api(`${repo}/artifacts`), (context, projectName, name) => {
    const project = projectFor(context, projectName, 'create', 'artifact');
    const [, from, reference] = /^(.+?)(?:@|:(?!.*@))(.+)$/.exec(context.query.get('from') ?? '') ?? [];
    const [sourceProject = '', ...rest] = (from ?? '').split('/');
    const artifact = artifactFor(context, sourceProject, rest.join('/'), reference);
    const { state } = context;
    let repository = state.repositories.find((each) => each.name === `${project.name}/${name}`);
    if (!repository) {
      repository = { id: state.repositories.length + 1000, project_id: project.project_id, name: `${project.name}/${name}`, pull_count: 0, creation_time: ago(0), update_time: ago(0), description: '' };
      state.repositories.push(repository);
    }
    const place = { project_id: project.project_id, repository_id: repository.id, repository_name: repository.name, push_time: ago(0) };
    const copy = { ...artifact, ...place, id: Math.max(...state.artifacts.map((each) => each.id)) + 1, labels: null };
    copy.tags = reference.startsWith('sha256:') ? null : [newTag(copy, reference)];
    const children = (artifact.references ?? []).map((child) => state.artifacts.find((each) => each.digest === child.child_digest));
    state.artifacts.unshift(copy, ...children.map((child, i) => ({ ...child, ...place, id: copy.id + i + 1 })));
    record(context, 'create', 'artifact', `${repository.name}:${reference}`, project.project_id);
    return created(`/api/v2.0/projects/${project.name}/repositories/${encodeURIComponent(name)}/artifacts/${artifact.digest}`);
  }],
  ['GET', api(artifactPath), (context, ...place) => ({ body: artifactFor(context, ...place) })],
  ['DELETE', api(artifactPath), (context, ...place) => {
    const artifact = artifactFor(context, ...place, 'delete');
    if (isChild(context.state, artifact)) throw refuse(412, 'VIOLATE_FOREIGN_KEY_CONSTRAINT', 'the deleting artifact is referenced by others');
    refuseImmutable(artifact);
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
    if (artifact.tags.find((each) => each.name === tag)?.immutable) throw refuse(412, 'PRECONDITION', `tag ${tag} is immutable in project ${project}; edit the rule first`);
    artifact.tags = artifact.tags.filter((each) => each.name !== tag);
    return {};
  }],
  ['POST', api(`${artifactPath}/labels`), (context, project, name, reference) => {
    const artifact = artifactFor(context, project, name, reference, 'read', 'artifact');
    if (!mayDo(context, projectFor(context, project))('create', 'artifact-label')) throw refuse(403, 'FORBIDDEN', 'forbidden');
    const label = context.state.labels.find((each) => each.id === context.body.id);
    if (!label) throw refuse(404, 'NOT_FOUND', `label ${context.body.id} not found`);
    if (artifact.labels?.some((each) => each.id === label.id)) throw refuse(409, 'CONFLICT', `label ${label.id} is already added to the artifact ${artifact.id}`);
    artifact.labels = [...(artifact.labels ?? []), label];
    return {};
  }],
  ['DELETE', api(`${artifactPath}/labels/{}`), (context, project, name, reference, id) => {
    const artifact = artifactFor(context, project, name, reference, 'read', 'artifact');
    if (!artifact.labels?.some((label) => label.id === Number(id))) throw refuse(404, 'NOT_FOUND', `label ${id} is not attached to the artifact`);
    artifact.labels = artifact.labels.filter((label) => label.id !== Number(id));
    return {};
  }],
  ['GET', api(`${artifactPath}/accessories`), (context, ...place) => page(artifactFor(context, ...place).accessories ?? [], context.query)],
  ['GET', api(`${artifactPath}/additions/manifest`), (context, ...place) => ({ text: context.state.manifests.get(artifactFor(context, ...place).digest) })],
  ['GET', api(`${artifactPath}/additions/{}`), (context, project, name, reference, addition) => {
    const artifact = artifactFor(context, project, name, reference);
    const content = { IMAGE: artifact.references ? {} : { build_history: history }, CHART: chartContent, CNAI: modelContent }[artifact.type]?.[addition];
    if (content === undefined) throw refuse(400, 'BAD_REQUEST', `addition ${addition.toUpperCase()} isn't supported for ${artifact.type}(manifest version 2)`);
    return typeof content === 'string' ? { text: content } : { body: content };
  }],
];
