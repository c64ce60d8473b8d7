/** The part of OpenAPI 3.1 that the server's own description uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  default?: unknown;
  maximum?: number;
  minimum?: number;
  maxLength?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema?: Schema;
}

type Content = Record<string, { schema?: Schema }>;

interface RawOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content?: Content };
  responses?: Record<string, { description?: string; content?: Content; headers?: Record<string, unknown> }>;
  'x-permission'?: string;
  'x-planned'?: boolean;
}

export interface OpenAPI {
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Operation {
  /** the operation's id, which is also its place in the address */
  id: string;
  method: string;
  path: string;
  tag: string;
  /** "listProjectMembers" → "List project members" */
  title: string;
  description: string;
  permission: string;
  parameters: Parameter[];
  body: Schema | undefined;
  answers: { status: string; description: string; schema: Schema | undefined }[];
}

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete'];

/** What the server serves; operations that it only plans are left out. */
export function operationsOf(document: OpenAPI): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const raw = item[method];
      return raw && raw['x-planned'] !== true ? [operationOf(method, path, raw)] : [];
    }),
  );
}

function operationOf(method: string, path: string, raw: RawOperation): Operation {
  const id = raw.operationId ?? `${method} ${path}`;
  return {
    id,
    method: method.toUpperCase(),
    path,
    tag: raw.tags?.[0] ?? 'other',
    title: raw.summary || wordsOf(id),
    description: raw.description ?? '',
    permission: raw['x-permission'] ?? '',
    parameters: raw.parameters ?? [],
    body: schemaOf(raw.requestBody?.content),
    answers: Object.entries(raw.responses ?? {}).map(([status, { description = '', content }]) => ({ status, description, schema: schemaOf(content) })),
  };
}

const schemaOf = (content: Content | undefined) => Object.values(content ?? {})[0]?.schema;

function wordsOf(id: string): string {
  const words = id.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Each word somewhere in the operation: "member post". */
export function matching(operations: readonly Operation[], q: string): Operation[] {
  const words = q.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return operations.filter((operation) => {
    const text = `${operation.method} ${operation.path} ${operation.id} ${operation.title} ${operation.tag} ${operation.permission}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function byTag(operations: readonly Operation[]): [tag: string, operations: Operation[]][] {
  const tags = new Map<string, Operation[]>();
  for (const operation of operations) tags.set(operation.tag, [...(tags.get(operation.tag) ?? []), operation]);
  return [...tags].sort(([a], [b]) => a.localeCompare(b));
}
