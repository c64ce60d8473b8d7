import { describe, expect, test } from 'vitest';
import { byTag, matching, operationsOf, type OpenAPI } from './document';
import { curlOf, exampleOf, fieldsOf } from './shape';

const document: OpenAPI = {
  paths: {
    '/projects': {
      get: { operationId: 'listProjects', tags: ['project'], 'x-permission': 'public', parameters: [{ name: 'q', in: 'query' }] },
      post: { operationId: 'createProject', tags: ['project'], 'x-permission': 'authenticated', requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/New' } } } } },
    },
    '/labels': { get: { operationId: 'listLabels', tags: ['label'], 'x-permission': 'authenticated', parameters: [{ name: 'scope', in: 'query', required: true }] } },
    '/scans': { post: { operationId: 'scan', 'x-planned': true } },
  },
  components: {
    schemas: {
      New: { type: 'object', required: ['name'], properties: { name: { type: 'string', description: 'Part of every image name' }, metadata: { $ref: '#/components/schemas/Meta' }, tags: { type: 'array', items: { type: 'string' } } } },
      Meta: { type: 'object', properties: { public: { type: 'string', enum: ['true', 'false'] }, parent: { $ref: '#/components/schemas/Meta' } } },
    },
  },
};
const operations = operationsOf(document);
const create = operations.find(({ id }) => id === 'createProject');
if (!create?.body) throw new Error('the document lost its operation');
const { body } = create;

describe('operationsOf', () => {
  test('lists what is served, in words, and nothing that is only planned', () => {
    expect(operations.map(({ method, path, title }) => `${method} ${path} ${title}`)).toEqual(['GET /projects List projects', 'POST /projects Create project', 'GET /labels List labels']);
  });
  test('groups by tag, in their order', () => expect(byTag(operations).map(([tag, { length }]) => `${tag} ${length}`)).toEqual(['label 1', 'project 2']));
});

describe('matching', () => {
  test.each([
    ['', 3],
    ['project post', 1],
    ['/labels', 1],
    ['AUTHENTICATED', 2],
    ['nothing', 0],
  ])('%s', (q, count) => expect(matching(operations, q)).toHaveLength(count));
});

describe('a schema', () => {
  test('shows every field with its path, and opens what contains itself once', () => {
    expect(fieldsOf(document, body).map(({ path, type, required }) => `${path}${required ? '*' : ''}: ${type}`)).toEqual([
      'name*: string', 'metadata: object', 'metadata.public: "true" | "false"', 'metadata.parent: object', 'tags: string[]',
    ]);
  });
  test('has an example of its types', () => expect(exampleOf(document, body)).toEqual({ name: '', metadata: { public: 'true', parent: {} }, tags: [''] }));
});

describe('curlOf', () => {
  const line = (id: string) => curlOf(document, operations.find((each) => each.id === id) ?? create, 'https://r.example');
  test('reading in public needs no account', () => expect(line('listProjects')).toBe("curl 'https://r.example/api/v2.0/projects'"));
  test('what has to be given is in the address', () => expect(line('listLabels')).toBe("curl -u 'USER:PASSWORD' 'https://r.example/api/v2.0/labels?scope={scope}'"));
  test('a change carries its body', () => expect(line('createProject')).toContain(`-X POST -H 'Content-Type: application/json' -d '{"name":`));
});
