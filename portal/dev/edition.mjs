import { ago } from './data.mjs';
import { refuse } from './refusal.mjs';

/** Refuses a change that was made from an older state than the thing has. */
export function unchanged({ request }, thing) {
  const edition = request.headers['if-match'];
  if (edition !== undefined && edition !== `"${thing.update_time}"`) throw refuse(412, 'PRECONDITION', 'somebody has changed this since you looked at it; load it again and repeat your change');
}

export function change(context, thing, values) {
  unchanged(context, thing);
  Object.assign(thing, values, { update_time: ago(0) });
}
