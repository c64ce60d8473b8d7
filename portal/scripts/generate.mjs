// Writes src/api/schema.gen.ts from the server's own OpenAPI document.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const document = fileURLToPath(new URL('../../core/api/openapi.json', import.meta.url));
if (!existsSync(document)) {
  console.error('core/api/openapi.json does not exist; run `make generate` at the top of the repository first.');
  process.exit(1);
}
const portal = fileURLToPath(new URL('..', import.meta.url));
const result = spawnSync('npx', ['--no-install', 'openapi-typescript', document, '--output', 'src/api/schema.gen.ts'], {
  cwd: portal,
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
