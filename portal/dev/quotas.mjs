import { administrator, api, record } from './access.mjs';
import { change } from './edition.mjs';
import { page } from './list.mjs';
import { refuse } from './refusal.mjs';

const shown = (project) => ({
  id: project.project_id, ref: { id: project.project_id, name: project.name, owner_name: project.owner_name }, hard: { storage: project.quota }, used: { storage: project.used },
  name: project.name, 'hard.storage': project.quota, 'used.storage': project.used, creation_time: project.creation_time, update_time: project.quota_time ?? project.creation_time,
});

export const quotaRoutes = [
  ['GET', api('/quotas'), (context) => {
    administrator(context);
    const id = context.query.get('reference_id');
    return page(context.state.projects.filter((project) => id === null || String(project.project_id) === id).map(shown), context.query);
  }],
  ['PUT', api('/quotas/{}'), (context, id) => {
    administrator(context);
    const project = context.state.projects.find((each) => String(each.project_id) === id);
    if (!project) throw refuse(404, 'NOT_FOUND', `quota ${id} not found`);
    const { storage } = context.body.hard;
    if (!(storage > 0 || storage === -1)) throw refuse(400, 'BAD_REQUEST', `invalid non-positive value for quota limit, value=${storage}`);
    const quota = { update_time: shown(project).update_time };
    change(context, quota, {});
    Object.assign(project, { quota: storage, quota_time: quota.update_time });
    record(context, 'update', 'quota', project.name, project.project_id);
    return {};
  }],
];
