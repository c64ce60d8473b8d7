/** A setting's value, as the server's JSON has it. */
export type Value = boolean | number | string;
export type Values = Record<string, Value>;

interface Kinds {
  /** on or off */
  switch: object;
  choice: { choices: readonly string[] };
  /** whole numbers between bounds */
  number: { unit: 'minutes' | 'days'; low: number; high: number; forever?: boolean };
  /** bytes; -1: no limit */
  storage: object;
  text: { longest: number; form: RegExp };
  /** Harbor's JSON in a string */
  banner: object;
}
type FieldOf<Kind extends keyof Kinds> = { key: string; kind: Kind } & Kinds[Kind];
export type Field = { [Kind in keyof Kinds]: FieldOf<Kind> }[keyof Kinds];

/**
 * The settings that have a function and words, in the order of the page. A key that the server does not send is left
 * out, one that it does not let change is shown and cannot be edited.
 */
export const groups = [
  {
    name: 'people',
    fields: [
      { key: 'self_registration', kind: 'switch' },
      { key: 'session_timeout', kind: 'number', unit: 'minutes', low: 1, high: 43_200 },
    ],
  },
  {
    name: 'projects',
    fields: [
      { key: 'project_creation_restriction', kind: 'choice', choices: ['everyone', 'adminonly'] },
      { key: 'storage_per_project', kind: 'storage' },
      { key: 'recovery_days', kind: 'number', unit: 'days', low: 0, high: 365 },
    ],
  },
  {
    name: 'registry',
    fields: [
      { key: 'read_only', kind: 'switch' },
      { key: 'token_expiration', kind: 'number', unit: 'minutes', low: 1, high: 1440 },
    ],
  },
  {
    name: 'robots',
    fields: [
      { key: 'robot_token_duration', kind: 'number', unit: 'days', low: 1, high: 36_500, forever: true },
      { key: 'robot_name_prefix', kind: 'text', longest: 64, form: /^[A-Za-z0-9._@$#~!*-]+$/ },
    ],
  },
  { name: 'messages', fields: [{ key: 'banner_message', kind: 'banner' }] },
] as const satisfies { name: string; fields: readonly Field[] }[];

export type FieldKey = (typeof groups)[number]['fields'][number]['key'];

export const allFields: readonly (Field & { key: FieldKey })[] = groups.flatMap((group) => group.fields as readonly (Field & { key: FieldKey })[]);

/** Whether the server would take the value; what is wrong stands at the field. */
export function isGood(field: Field, value: Value | undefined): boolean {
  switch (field.kind) {
    case 'switch':
      return typeof value === 'boolean';
    case 'choice':
      return field.choices.some((choice) => choice === value);
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && ((field.forever === true && value === -1) || (value >= field.low && value <= field.high));
    case 'storage':
      return typeof value === 'number' && (value === -1 || value >= 1);
    case 'text':
      return typeof value === 'string' && value.length <= field.longest && field.form.test(value);
    case 'banner':
      return typeof value === 'string' && value.length <= 4096;
  }
}

/** The fields whose values differ, in the order of the page. */
export const changed = (before: Values, after: Values) => allFields.filter(({ key }) => key in after && !Object.is(before[key], after[key]));
