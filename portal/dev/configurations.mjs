import { administrator, api, record } from './access.mjs';
import { ago } from './data.mjs';
import { change } from './edition.mjs';

export function settings(state) {
  state.settings ??= {
    update_time: ago(60 * 24 * 3),
    self_registration: true, project_creation_restriction: 'everyone', read_only: false, storage_per_project: -1, robot_name_prefix: 'robot$', robot_token_duration: 30, token_expiration: 30, session_timeout: 60, banner_message: '',
  };
  return state.settings;
}
/** As from a configuration file. */
const fixed = ['session_timeout'];

export const configurationRoutes = [
  ['GET', api('/configurations'), (context) => {
    administrator(context);
    const { update_time, ...values } = settings(context.state);
    const body = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, editable: !fixed.includes(key) }]));
    return { body: { ...body, auth_mode: { value: 'db_auth', editable: false } }, headers: { ETag: `"${update_time}"` } };
  }],
  ['PUT', api('/configurations'), (context) => {
    administrator(context);
    change(context, settings(context.state), context.body);
    record(context, 'update', 'configuration', Object.keys(context.body).join(', '));
    return {};
  }],
];
