import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The portal's texts in a language, by key, as the pages have them: what the pictures click has another name in each. */
export function textsOf(language) {
  const root = fileURLToPath(new URL(`../../src/i18n/${language}/`, import.meta.url));
  const areas = {};
  for (const folder of [root, `${root}core/`]) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      areas[file.replace('.json', '')] = JSON.parse(readFileSync(folder + file, 'utf8'));
    }
  }
  return (key, values = {}) => {
    const text = key.split('.').reduce((part, name) => part?.[name], areas);
    if (typeof text !== 'string') throw new Error(`there is no text ${key} in ${language}`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? '');
  };
}
