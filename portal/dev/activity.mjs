// How much is pushed, pulled and kept, a row for each day; and how the server fares.
import { administrator, api, mayDo, projectFor, signedIn } from './access.mjs';
import { ago } from './data.mjs';

/** The same shape every time, so that screenshots compare: busy weekdays, quiet weekends, storage that grows. */
function activity(project, days) {
  const size = project.used / 1024 ** 3;
  return Array.from({ length: days }, (_, i) => {
    const back = days - 1 - i;
    const day = ago(back * 24 * 60).slice(0, 10);
    const weekend = [0, 6].includes(new Date(day).getUTCDay());
    const wave = 1 + Math.sin(i * 1.7 + project.project_id) * 0.45;
    return {
      day,
      pushes: Math.round((weekend ? 0.5 : 3) * wave * size),
      pulls: Math.round((weekend ? 9 : 34) * wave * size),
      stored: Math.round(project.used * (1 - back * 0.007 + (i % 6 === 0 ? 0.008 : 0))),
    };
  });
}
const daysOf = ({ query }) => Math.min(365, Math.max(1, Number(query.get('days') ?? 30)));
const sum = (rows) => rows.reduce((total, each) => total.map((row, i) => ({ ...row, pushes: row.pushes + each[i].pushes, pulls: row.pulls + each[i].pulls, stored: row.stored + each[i].stored })));

export const activityRoutes = [
  ['GET', api('/projects/{}/activity'), (context, name) => ({ body: activity(projectFor(context, name), daysOf(context)) })],
  ['GET', api('/statistics/activity'), (context) => {
    signedIn(context);
    const open = context.state.projects.filter((project) => mayDo(context, project)('read', '.'));
    return { body: sum([activity({ project_id: 0, used: 0 }, daysOf(context)), ...open.map((project) => activity(project, daysOf(context)))]) };
  }],
  ['GET', api('/statistics'), (context) => {
    signedIn(context);
    const { projects, repositories } = context.state;
    const open = projects.filter((project) => project.metadata.public === 'true').length;
    return { body: { private_project_count: projects.length - open, public_project_count: open, total_project_count: projects.length, private_repo_count: repositories.length - 8, public_repo_count: 8, total_repo_count: repositories.length, total_storage_consumption: projects.reduce((total, { used }) => total + used, 0) } };
  }],
  ['GET', api('/health'), () => ({ body: { status: 'unhealthy', components: [
    { name: 'core', status: 'healthy' }, { name: 'database', status: 'healthy' }, { name: 'jobservice', status: 'healthy' }, { name: 'portal', status: 'healthy' }, { name: 'registry', status: 'healthy' },
    { name: 'registryctl', status: 'healthy' }, { name: 'storage', status: 'unhealthy', error: 'write probe: no space left on device' },
  ] } })],
  ['GET', api('/systeminfo/volumes'), (context) => (administrator(context), { body: { storage: [{ total: 512 * 1024 ** 3, free: 61 * 1024 ** 3 }] } })],
];
