// What belongs to the person who asks: preferences and sessions.
import { api, signedIn } from './access.mjs';
import { ago } from './data.mjs';
import { refuse } from './refusal.mjs';

const browsers = [
  ['10.4.17.22', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 60 * 3, 0, true],
  ['10.4.17.22', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15', 60 * 26, 95, false],
  ['2001:db8::4f1c', 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1', 60 * 49, 60 * 20, false],
  ['192.0.2.61', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0', 60 * 70, 60 * 44, false],
];
const mine = (context) => {
  const user = signedIn(context);
  user.preferences ??= { language: '', theme: '', pull_client: '', pinned_projects: user.user_id === 1 ? [1, 3] : [] };
  user.sessions ??= browsers.map(([address, user_agent, began, seen, current], i) => ({
    id: `5e55${i}c0ffee`, address, user_agent, creation_time: ago(began), last_seen_time: ago(seen), expiry_time: ago(-60 * 8), current,
  }));
  return user;
};

export const ownRoutes = [
  ['GET', api('/users/current/preferences'), (context) => ({ body: mine(context).preferences })],
  ['PUT', api('/users/current/preferences'), (context) => {
    const user = mine(context);
    if ((context.body.pinned_projects ?? []).length > 50) throw refuse(400, 'BAD_REQUEST', 'pinned_projects: at most 50 projects can be pinned; unpin one first');
    user.preferences = context.body;
    return {};
  }],
  ['GET', api('/users/current/sessions'), (context) => ({ body: mine(context).sessions })],
  ['DELETE', api('/users/current/sessions'), (context) => {
    const user = mine(context);
    user.sessions = user.sessions.filter((session) => session.current);
    return {};
  }],
  ['DELETE', api('/users/current/sessions/{}'), (context, id) => {
    const user = mine(context);
    if (!user.sessions.some((session) => session.id === id)) throw refuse(404, 'NOT_FOUND', `session ${id} not found`);
    user.sessions = user.sessions.filter((session) => session.id !== id);
    return {};
  }],
];
