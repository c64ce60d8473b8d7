import { ago } from './basics.mjs';

/** Some that are global, some of the first project. */
export function makeLabels(projects) {
  const label = (id, name, color, description, project_id) => ({
    id, name, color, description, scope: project_id ? 'p' : 'g', ...(project_id ? { project_id } : {}), creation_time: ago(60 * 24 * 40 - id), update_time: ago(60 * 24 * 20 - id),
  });
  const first = projects[0].project_id;
  return [
    label(1, 'in production', '#48960C', 'Runs for customers'),
    label(2, 'approved', '#0065AB', 'Reviewed by the security team'),
    label(3, 'do not use', '#C92100', 'Has a known fault'),
    label(4, 'nightly', '#61717D', 'Built every night', first),
    label(5, '候选版本', '#9B0D54', '', first),
    label(6, 'a label with a rather long name that somebody thought was helpful', '#FFDC0B', '', first),
  ];
}
