// Fails when a first visit loads more than the budget: the entry, everything it imports statically, one language and
// the first page, whichever of them is the heaviest; gzip, as the server sends it.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 250_000;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const always = ['index.html', 'src/i18n/zh-CN/index.ts'];
const texts = (...areas) => areas.map((area) => `src/i18n/zh-CN/${area}.json`);
const firstPages = {
  'sign-in': ['src/features/session/SignInPage.tsx'],
  home: ['src/features/home/HomePage.tsx'],
  projects: ['src/features/projects/ProjectsPage.tsx'],
  project: ['src/features/projects/ProjectLayout.tsx', 'src/features/repositories/RepositoriesPage.tsx'],
  repository: ['src/app/PlacePage.tsx', 'src/features/repositories/RepositoryPage.tsx', ...texts('artifacts')],
  artifact: ['src/app/PlacePage.tsx', 'src/features/artifacts/ArtifactPage.tsx', ...texts('artifacts', 'config', 'referrers')],
};

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

const sizeOf = (file) => gzipSync(readFileSync(new URL(file, dist))).length;
let over = false;
for (const [page, keys] of Object.entries(firstPages)) {
  const files = filesOf([...always, ...keys]);
  const total = files.reduce((sum, file) => sum + sizeOf(file), 0);
  over ||= total > budget;
  console.log(`${String(total).padStart(8)} of ${budget} bytes, ${files.length} files: ${page}`);
}
if (over) {
  console.error('A first load is over its budget: make the newest import lazy or drop it.');
  process.exit(1);
}
