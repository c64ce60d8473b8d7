// Writes a .gz beside every text file of the build, so that the server compresses nothing at run time.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, constants } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const text = new Set(['.js', '.css', '.svg', '.json', '.html']);

let files = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !text.has(extname(entry.name)) || entry.name === 'placeholder.html') continue;
  const path = join(entry.parentPath, entry.name);
  const raw = readFileSync(path);
  const packed = gzipSync(raw, { level: constants.Z_BEST_COMPRESSION });
  if (packed.length < raw.length) {
    writeFileSync(`${path}.gz`, packed);
    files++;
  }
}
console.log(`precompressed ${files} files`);
