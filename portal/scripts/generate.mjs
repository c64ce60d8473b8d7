// Writes src/api/schema.gen.ts: the shapes of the server's own OpenAPI document. Shapes only: with every operation,
// most of which no page uses, the file would be seventeen times as long.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../core/api/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.gen.ts', import.meta.url);
if (!existsSync(source)) {
  console.error('core/api/openapi.json does not exist; run `make generate` at the top of the repository.');
  process.exit(1);
}
const document = JSON.parse(readFileSync(source, 'utf8'));
const shapes = { ...document, paths: {}, components: { schemas: document.components.schemas } };
const text = astToString(await openapiTS(shapes, { alphabetize: true }));
writeFileSync(target, `// Made by \`make generate\` from core/api/openapi.json; do not edit.\n\n${text}`);
