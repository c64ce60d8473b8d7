import { api, mayDo, projectFor, repositoryFor, shownRepository } from './access.mjs';
import { page } from './list.mjs';
import { ago } from './made/basics.mjs';
import { refuse } from './refusal.mjs';

const repo = '/projects/{}/repositories/{}';

export const repositoryRoutes = [
  ['GET', api('/repositories'), (context) => {
    const open = new Set(context.state.projects.filter((project) => mayDo(context, project)('list', 'repository')).map((project) => project.project_id));
    return page(context.state.repositories.filter((each) => open.has(each.project_id)).map((each) => shownRepository(context, each)), context.query);
  }],
  ['GET', api('/projects/{}/repositories'), (context, name) => {
    const project = projectFor(context, name, 'list', 'repository');
    return page(context.state.repositories.filter((each) => each.project_id === project.project_id).map((each) => shownRepository(context, each)), context.query);
  }],
  ['GET', api(repo), (context, project, name) => ({ body: shownRepository(context, repositoryFor(context, project, name)) })],
  ['PUT', api(repo), (context, project, name) => {
    const repository = repositoryFor(context, project, name, 'update');
    const edition = context.request.headers['if-match'];
    if (edition !== undefined && edition !== `"${repository.update_time}"`) throw refuse(412, 'PRECONDITION', 'somebody has changed this since you read it');
    Object.assign(repository, { description: context.body.description, update_time: ago(0) });
    return {};
  }],
  ['DELETE', api(repo), (context, project, name) => {
    const repository = repositoryFor(context, project, name, 'delete');
    context.state.repositories.splice(context.state.repositories.indexOf(repository), 1);
    context.state.artifacts = context.state.artifacts.filter((artifact) => artifact.repository_id !== repository.id);
    return {};
  }],
];
