import { refuse } from './refusal.mjs';

/** q=name=~web,op_time=[a~b] → { name: '~web', op_time: '[a~b]' } */
export function terms(query) {
  const q = decodeURIComponent(query.get('q') ?? '');
  if (q === '') return {};
  return Object.fromEntries(q.split(',').map((term) => {
    const at = term.indexOf('=');
    if (at < 1) throw refuse(400, 'BAD_REQUEST', `the query string is wrong: ${term}`);
    return [term.slice(0, at), term.slice(at + 1)];
  }));
}

/** Filters, orders and pages a list as Harbor does. `handled` names what the caller has filtered already. */
export function page(rows, query, handled = []) {
  const size = Number(query.get('page_size') ?? 10);
  if (size > 100) throw refuse(422, 'UNPROCESSABLE_ENTITY', 'validation failure list:\npage_size in query should be less than or equal to 100');
  const number = Number(query.get('page') ?? 1);
  const wanted = Object.entries(terms(query)).filter(([key]) => !handled.includes(key));
  const found = rows.filter((row) => wanted.every(([key, value]) => matches(row[key], value)));
  const sort = query.get('sort');
  if (sort) {
    const key = sort.replace(/^-/, '');
    found.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0) * (sort.startsWith('-') ? -1 : 1));
  }
  return { body: found.slice((number - 1) * size, number * size), headers: { 'X-Total-Count': String(found.length) } };
}

function matches(actual, wanted) {
  const either = /^\{(.*)\}$/.exec(wanted);
  if (either) return either[1].split(' ').some((each) => matches(actual, each));
  if (wanted.startsWith('~')) return String(actual).includes(wanted.slice(1));
  const range = /^\[(.*)~(.*)\]$/.exec(wanted);
  return range ? String(actual) >= range[1] && String(actual) <= range[2] : String(actual) === wanted;
}
