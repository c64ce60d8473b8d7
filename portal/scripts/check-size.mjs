// Fails when a first visit to any page loads more than the budget: the entry, everything it imports statically, one
// language, the page with the layouts around it and its texts; gzip, as the server sends it. The pages are read from
// the router, so that none is forgotten.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 250_000;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const source = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const always = ['index.html', 'src/i18n/zh-CN/index.ts'];

/** What "withTexts(['area'], () => import('@/features/…'))" brings, as keys of the manifest. */
function broughtBy(code, folder) {
  const [, path] = /import\('([^']+)'\)/.exec(code) ?? [];
  if (path === undefined) return [];
  const file = path.startsWith('@/') ? path.replace('@/', 'src/') : path.replace('./', `${folder}/`);
  const areas = /\[([^\]]*)\]/.exec(code.slice(0, code.indexOf('import(')))?.[1] ?? '';
  const key = Object.keys(manifest).find((each) => each.startsWith(`${file}.`));
  if (key === undefined) throw new Error(`the build has no ${file}, which the router names`);
  return [key, ...[...areas.matchAll(/'(\w+)'/g)].map(([, area]) => `src/i18n/zh-CN/${area}.json`)];
}

/** Every page of the router, with what its layouts bring. */
function pages() {
  const text = source('src/app/router.tsx');
  const starts = [...text.matchAll(/(?:const (\w+) = )?create(?:Root)?Route\(/g)];
  const routes = starts.map(({ index, 1: name }, at) => {
    const block = text.slice(index, starts[at + 1]?.index);
    return {
      name,
      parent: /getParentRoute: \(\) => (\w+)/.exec(block)?.[1],
      path: /path: '([^']+)'/.exec(block)?.[1],
      keys: broughtBy(/component:[\s\S]*/.exec(block)?.[0] ?? '', 'src/app'),
    };
  });
  const parentOf = ({ parent }) => routes.find(({ name }) => name !== undefined && name === parent);
  const withLayouts = (route) => (route ? [...withLayouts(parentOf(route)), ...route.keys] : []);
  const addressOf = (route) => (route ? addressOf(parentOf(route)) + (route.path ?? '') : '');
  return routes.filter(({ path }) => path !== undefined).flatMap((route) => {
    const keys = withLayouts(route);
    const inner = keys.filter((key) => key.endsWith('.tsx')).flatMap((key) => source(key).match(/lazyPage\([\s\S]*?\)\s*\.then/g) ?? []);
    if (inner.length === 0) return [[addressOf(route), keys]];
    // A page that chooses between others by the address: each of them is a first visit of its own.
    return inner.map((call) => [`${addressOf(route)} ${/(\w+)'\)/.exec(call)?.[1]}`, [...keys, ...broughtBy(call, 'src/app')]]);
  });
}

function filesOf(keys) {
  const files = new Set(['index.html', 'boot.js']);
  const visited = new Set();
  const visit = (key) => {
    if (visited.has(key)) return;
    visited.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`the build has no ${key}; correct scripts/check-size.mjs`);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  keys.forEach(visit);
  return [...files];
}

const sizes = new Map();
function sizeOf(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist))).length);
  return sizes.get(file);
}

let over = false;
for (const [page, keys] of pages()) {
  const files = filesOf([...always, ...keys]);
  const total = files.reduce((sum, file) => sum + sizeOf(file), 0);
  over ||= total > budget;
  console.log(`${String(total).padStart(8)} of ${budget} bytes, ${files.length} files: ${page}`);
}
if (over) {
  console.error('A first load is over its budget: make the newest import lazy or drop it.');
  process.exit(1);
}
