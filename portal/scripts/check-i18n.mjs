// Fails when the languages differ in keys, placeholders or tags, when a text is empty, or when the source
// names a key that is missing or a key is never named.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));
const pluralSuffix = /_(zero|one|two|few|many|other)$/;
const faults = [];

function flatten(node, prefix = '') {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );
}
function read(language) {
  const folder = join(src, 'i18n', language);
  const areas = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
  return new Map(areas.flatMap((name) => flatten(JSON.parse(readFileSync(join(folder, name), 'utf8')), `${basename(name, '.json')}.`)));
}
const marks = (text) => [...new Set(text.match(/\{\{\s*\w+|<\/?\w+/g) ?? [])].map((m) => m.replace(/\s/g, '')).sort().join(' ');
const base = (key) => key.replace(pluralSuffix, '');

const en = read('en');
const zh = read('zh-CN');
const enKeys = new Map([...en].map(([key, text]) => [base(key), text]));
const zhKeys = new Map([...zh].map(([key, text]) => [base(key), text]));
for (const key of enKeys.keys()) if (!zhKeys.has(key)) faults.push(`zh-CN lacks ${key}`);
for (const key of zhKeys.keys()) if (!enKeys.has(key)) faults.push(`en lacks ${key}`);
for (const [key, text] of [...en, ...zh]) if (text.trim() === '') faults.push(`${key} is empty`);
for (const [key, text] of enKeys) {
  const other = zhKeys.get(key);
  if (other !== undefined && marks(text) !== marks(other)) faults.push(`${key}: placeholders differ between the languages`);
}
for (const key of en.keys()) {
  if (key.endsWith('_one') && !en.has(key.replace(/_one$/, '_other'))) faults.push(`${key} has no _other`);
}

const sources = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
const everything = sources.join('\n');
const dynamic = new Set([...everything.matchAll(/`([a-z][\w]*(?:\.[\w]+)*\.)\$\{/g)].map((match) => match[1]));
for (const key of enKeys.keys()) {
  const named = everything.includes(`'${key}'`) || everything.includes(`"${key}"`);
  if (!named && ![...dynamic].some((prefix) => key.startsWith(prefix))) faults.push(`${key} is never used`);
}

for (const fault of faults) console.error(fault);
console.log(`i18n: ${enKeys.size} keys, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
