import type { OpenAPI, Operation, Schema } from './document';

const deepest = 6;

export interface Field {
  /** "metadata.public", "[].name" */
  path: string;
  type: string;
  required: boolean;
  description: string;
}

export function resolve(document: OpenAPI, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {});
}

/** Every field of a schema, those inside others too; what contains itself is named and not opened again. */
export function fieldsOf(document: OpenAPI, schema: Schema): Field[] {
  const walk = (at: Schema, prefix: string, seen: string[]): Field[] => {
    const shape = resolve(document, at);
    if (at.$ref !== undefined && seen.includes(at.$ref)) return [];
    const inside = at.$ref === undefined ? seen : [...seen, at.$ref];
    if (inside.length > deepest) return [];
    if (shape.items) return walk(shape.items, `${prefix}[]`, inside);
    return Object.entries(shape.properties ?? {}).flatMap(([name, child]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      const own = resolve(document, child);
      const field = { path, type: typeOf(document, child), required: shape.required?.includes(name) ?? false, description: child.description ?? own.description ?? '' };
      return [field, ...walk(child, path, inside)];
    });
  };
  return walk(schema, '', []);
}

export function typeOf(document: OpenAPI, schema: Schema): string {
  const shape = resolve(document, schema);
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(' | ');
  const types = Array.isArray(shape.type) ? shape.type : [shape.type ?? (shape.properties ? 'object' : 'any')];
  return types
    .map((type) => (type === 'array' && shape.items ? `${typeOf(document, shape.items)}[]` : shape.format && type !== 'null' ? `${type} (${shape.format})` : type))
    .join(' | ');
}

/** A body to begin from: every field with a value of its type. */
export function exampleOf(document: OpenAPI, schema: Schema, seen: string[] = []): unknown {
  if (schema.$ref !== undefined && seen.includes(schema.$ref)) return {};
  const inside = schema.$ref === undefined ? seen : [...seen, schema.$ref];
  const shape = resolve(document, schema);
  if (shape.default !== undefined) return shape.default;
  if (shape.enum) return shape.enum[0];
  const type = Array.isArray(shape.type) ? shape.type.find((each) => each !== 'null') : shape.type;
  if (type === 'array') return shape.items ? [exampleOf(document, shape.items, inside)] : [];
  if (type === 'integer' || type === 'number') return shape.minimum ?? 0;
  if (type === 'boolean') return false;
  if (type === 'string') return shape.format === 'date-time' ? '2026-01-01T00:00:00Z' : '';
  const fields = Object.entries(shape.properties ?? {}).map(([name, child]) => [name, exampleOf(document, child, inside)]);
  return Object.fromEntries(fields);
}

/** The operation as a command to run, with what has to be filled in left as it is named. */
export function curlOf(document: OpenAPI, operation: Operation, base: string): string {
  const query = operation.parameters.filter((each) => each.in === 'query' && each.required).map(({ name }) => `${name}={${name}}`);
  const url = `${base}/api/v2.0${operation.path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  const parts = ['curl'];
  if (operation.permission !== 'public') parts.push("-u 'USER:PASSWORD'");
  if (operation.method === 'HEAD') parts.push('-I');
  else if (operation.method !== 'GET') parts.push(`-X ${operation.method}`);
  if (operation.body) {
    parts.push("-H 'Content-Type: application/json'");
    parts.push(`-d '${JSON.stringify(exampleOf(document, operation.body)).replaceAll("'", `'\\''`)}'`);
  }
  return [...parts, `'${url}'`].join(' ');
}
