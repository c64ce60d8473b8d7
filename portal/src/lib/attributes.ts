export interface Attribute {
  /** "config.paramSize" */
  name: string;
  value: string;
}

const most = 60;
const longest = 2000;

/** Flattens what an artifact's makers wrote into lines. It may be anything, so it is bounded. */
export function flatAttributes(value: unknown, name = ''): Attribute[] {
  const found: Attribute[] = [];
  collect(value, name, found, 0);
  return found;
}

function collect(value: unknown, name: string, found: Attribute[], depth: number): void {
  if (found.length >= most || value === null || value === undefined || value === '') return;
  if (typeof value !== 'object' || depth > 4) {
    found.push({ name, value: (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, longest) });
  } else if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    if (value.length > 0) found.push({ name, value: value.join(', ').slice(0, longest) });
  } else {
    for (const [key, item] of Object.entries(value)) collect(item, name === '' ? key : `${name}.${key}`, found, depth + 1);
  }
}
