/** A schedule in six fields, seconds first, as the server reads it. Every time is UTC. */
export const cronTypes = ['Hourly', 'Daily', 'Weekly', 'Custom'] as const;
export type CronType = (typeof cronTypes)[number];

export const usualCron: Record<Exclude<CronType, 'Custom'>, string> = { Hourly: '0 0 * * * *', Daily: '0 0 0 * * *', Weekly: '0 0 0 * * 0' };

export const cronFields = ['seconds', 'minutes', 'hours', 'day', 'month', 'weekday'] as const;
export type CronField = (typeof cronFields)[number];

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const bounds: Record<CronField, { low: number; high: number; names?: string[] }> = {
  seconds: { low: 0, high: 59 },
  minutes: { low: 0, high: 59 },
  hours: { low: 0, high: 23 },
  day: { low: 1, high: 31 },
  month: { low: 1, high: 12, names: months },
  weekday: { low: 0, high: 6, names: days },
};

interface Values {
  values: ReadonlySet<number>;
  /** any value: * or ? without a step */
  any: boolean;
}

export type Cron = Record<CronField, Values>;

/** What is wrong: the number of fields, the name of a field, or that the day never comes. */
export type CronFault = { kind: 'count'; found: number } | { kind: 'field'; field: CronField } | { kind: 'never' };

export function parseCron(text: string): Cron | CronFault {
  const parts = text.trim().split(/\s+/).filter((part) => part !== '');
  if (parts.length !== cronFields.length) return { kind: 'count', found: parts.length };
  const cron: Partial<Cron> = {};
  for (const [at, field] of cronFields.entries()) {
    const values = parseField(parts[at] ?? '', field);
    if (!values || (field === 'seconds' && parts[at] !== '0')) return { kind: 'field', field };
    cron[field] = values;
  }
  const whole = cron as Cron;
  return nextRun(whole, new Date(Date.UTC(2000, 0, 1))) ? whole : { kind: 'never' };
}

export const isFault = (parsed: Cron | CronFault): parsed is CronFault => 'kind' in parsed;

function parseField(text: string, field: CronField): Values | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\?|([A-Za-z]{3}|\d{1,2})(-([A-Za-z]{3}|\d{1,2}))?)(\/(\d{1,2}))?$/.exec(part);
    if (!match) return undefined;
    const [, , first, , last, , step] = match;
    const { low, high } = bounds[field];
    const from = first === undefined ? low : valueOf(first, field);
    // "5/10" goes on to the end, "5" stands for itself.
    const to = last !== undefined ? valueOf(last, field) : first === undefined || step !== undefined ? high : from;
    const by = step === undefined ? 1 : Number(step);
    if (from === undefined || to === undefined || from < low || to > high || from > to || by < 1) return undefined;
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return { values, any: /^[*?](\/1)?$/.test(text) };
}

function valueOf(text: string, field: CronField): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const { names, low } = bounds[field];
  const at = names?.indexOf(text.toUpperCase()) ?? -1;
  return at < 0 ? undefined : at + low;
}

const years = 5;

/** The first time after a moment, or nothing within five years. */
export function nextRun(cron: Cron, after: Date): Date | undefined {
  const at = new Date(after.getTime());
  at.setUTCSeconds(0, 0);
  at.setUTCMinutes(at.getUTCMinutes() + 1);
  const end = after.getTime() + years * 366 * 86_400_000;
  while (at.getTime() < end) {
    if (!cron.month.values.has(at.getUTCMonth() + 1)) {
      at.setUTCMonth(at.getUTCMonth() + 1, 1);
      at.setUTCHours(0, 0, 0, 0);
    } else if (!isDay(cron, at)) {
      at.setUTCDate(at.getUTCDate() + 1);
      at.setUTCHours(0, 0, 0, 0);
    } else if (!cron.hours.values.has(at.getUTCHours())) {
      at.setUTCHours(at.getUTCHours() + 1, 0, 0, 0);
    } else if (!cron.minutes.values.has(at.getUTCMinutes())) {
      at.setUTCMinutes(at.getUTCMinutes() + 1, 0, 0);
    } else {
      return at;
    }
  }
  return undefined;
}

/** As cron has always had it: when both kinds of day are limited, either is enough. */
function isDay({ day, weekday }: Cron, at: Date): boolean {
  const byDay = day.values.has(at.getUTCDate());
  const byWeekday = weekday.values.has(at.getUTCDay());
  return day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday;
}

/** What a schedule means, where that has words; the rest is custom. */
export type Meaning =
  | { kind: 'minutes'; every: number }
  | { kind: 'hourly'; minute: number }
  | { kind: 'daily'; hour: number; minute: number }
  | { kind: 'weekly'; weekdays: number[]; hour: number; minute: number }
  | { kind: 'monthly'; day: number; hour: number; minute: number }
  | { kind: 'custom' };

export function meaningOf(text: string): Meaning {
  const cron = parseCron(text);
  if (isFault(cron) || !cron.month.any) return { kind: 'custom' };
  const everyDay = cron.day.any && cron.weekday.any;
  const step = /^0\s+\*\/(\d+)\s+\*/.exec(text.trim())?.[1];
  if (everyDay && cron.hours.any && step !== undefined && 60 % Number(step) === 0) return { kind: 'minutes', every: Number(step) };
  const minute = only(cron.minutes);
  if (minute === undefined) return { kind: 'custom' };
  if (everyDay && cron.hours.any) return { kind: 'hourly', minute };
  const hour = only(cron.hours);
  if (hour === undefined) return { kind: 'custom' };
  if (everyDay) return { kind: 'daily', hour, minute };
  const day = only(cron.day);
  if (cron.weekday.any && day !== undefined) return { kind: 'monthly', day, hour, minute };
  if (cron.day.any) return { kind: 'weekly', weekdays: [...cron.weekday.values].sort((a, b) => a - b), hour, minute };
  return { kind: 'custom' };
}

const only = ({ values }: Values): number | undefined => (values.size === 1 ? [...values][0] : undefined);
