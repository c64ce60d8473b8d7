import { api, projectFor, signedIn } from './access.mjs';
import { page } from './list.mjs';

const visible = (context) => {
  const user = signedIn(context);
  return context.state.audit.filter((entry) => user.sysadmin_flag || entry.username === user.username);
};
const ofProject = (context, name) => {
  const project = projectFor(context, name, 'list', 'log');
  return context.state.audit.filter((entry) => entry.project_id === project.project_id);
};

/** What the list shows, all of it, as a file. */
function exported(rows, query) {
  const all = new URLSearchParams(query);
  all.set('page_size', '100');
  const { body } = page(rows, all);
  const jsonl = query.get('format') === 'jsonl';
  const columns = ['id', 'op_time', 'username', 'operation', 'resource_type', 'resource', 'operation_result', 'operation_description'];
  const text = jsonl ? body.map((row) => JSON.stringify(row)).join('\n') : [columns.join(','), ...body.map((row) => columns.map((column) => JSON.stringify(String(row[column]))).join(','))].join('\n');
  return { text: `${text}\n`, headers: { 'Content-Type': jsonl ? 'application/x-ndjson' : 'text/csv; charset=utf-8', 'Content-Disposition': `attachment; filename="audit.${jsonl ? 'jsonl' : 'csv'}"` } };
}

export const auditRoutes = [
  ['GET', api('/auditlog-exts'), (context) => page(visible(context), context.query)],
  ['GET', api('/auditlog-exts/export'), (context) => exported(visible(context), context.query)],
  ['GET', api('/auditlog-exts/events'), () => ({ body: ['create_artifact', 'delete_artifact', 'pull_artifact', 'create_project', 'login_user'].map((event_type) => ({ event_type })) })],
  ['GET', api('/projects/{}/auditlog-exts'), (context, name) => page(ofProject(context, name), context.query)],
  ['GET', api('/projects/{}/auditlog-exts/export'), (context, name) => exported(ofProject(context, name), context.query)],
];
