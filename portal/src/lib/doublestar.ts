/**
 * Patterns as the server's rules have them (doublestar): `*` is anything inside one part of a name, `**` any parts,
 * `?` one character, `[a-z]` and `[^a-z]` one of a set, `{a,b}` either. For showing what a rule would take; the server
 * decides.
 */
export function matches(pattern: string, name: string): boolean {
  return expand(pattern).some((each) => matchParts(each.split('/'), name.split('/')));
}

/** undefined: the pattern is well formed. */
export type Fault = 'empty' | 'long' | 'braces' | 'brackets' | 'escape';
const longest = 255;
/** Braces multiply; the server takes no more than this. */
const mostVariants = 64;

export function faultOf(pattern: string): Fault | undefined {
  if (pattern === '') return 'empty';
  if (pattern.length > longest) return 'long';
  let braces = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\' && ++at === pattern.length) return 'escape';
    if (character === '[') {
      const end = endOfSet(pattern, at);
      if (end === -1) return 'brackets';
      at = end;
    }
    if (character === '{') braces++;
    if (character === '}' && --braces < 0) return 'braces';
  }
  if (braces > 0) return 'braces';
  return expand(pattern).length > mostVariants ? 'braces' : undefined;
}

function endOfSet(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === '^' || pattern[at] === '!') at++;
  for (let first = true; at < pattern.length; at++, first = false) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']' && !first) return at;
  }
  return -1;
}

/** "v{1,2}.*" → "v1.*", "v2.*" */
function expand(pattern: string): string[] {
  const open = indexOutside(pattern, '{', 0);
  if (open === -1) return [pattern];
  const pieces: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') at++;
    else if (character === '{') depth++;
    else if (character === ',' && depth === 1) {
      pieces.push(pattern.slice(start, at));
      start = at + 1;
    } else if (character === '}' && --depth === 0) {
      pieces.push(pattern.slice(start, at));
      const [before, after] = [pattern.slice(0, open), pattern.slice(at + 1)];
      const all: string[] = [];
      for (const piece of pieces) {
        all.push(...expand(before + piece + after));
        if (all.length > mostVariants) break;
      }
      return all;
    }
  }
  return [pattern];
}

function indexOutside(pattern: string, wanted: string, from: number): number {
  for (let at = from; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === '[' && wanted !== '[') {
      const end = endOfSet(pattern, at);
      if (end !== -1) at = end;
    } else if (pattern[at] === wanted) return at;
  }
  return -1;
}

function matchParts(pattern: string[], name: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return name.length === 0;
  if (first === '**') {
    if (rest[0] === '**') return matchParts(rest, name);
    for (let taken = 0; taken <= name.length; taken++) if (matchParts(rest, name.slice(taken))) return true;
    return false;
  }
  return name.length > 0 && matchPart(first, name[0] ?? '') && matchParts(rest, name.slice(1));
}

/** One part of a name, without backtracking over more than the last star. */
function matchPart(pattern: string, text: string): boolean {
  let p = 0;
  let at = 0;
  let star = -1;
  let marked = 0;
  while (at < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      marked = at;
      continue;
    }
    const next = p < pattern.length ? matchOne(pattern, p, text[at] ?? '') : -1;
    if (next !== -1) {
      p = next;
      at++;
    } else if (star !== -1) {
      p = star + 1;
      at = ++marked;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Where the pattern goes on after it has taken the character; -1: it does not take it. */
function matchOne(pattern: string, p: number, character: string): number {
  if (pattern[p] === '?') return p + 1;
  if (pattern[p] === '\\') return pattern[p + 1] === character ? p + 2 : -1;
  if (pattern[p] !== '[') return pattern[p] === character ? p + 1 : -1;
  const end = endOfSet(pattern, p);
  if (end === -1) return -1;
  const inverted = pattern[p + 1] === '^' || pattern[p + 1] === '!';
  let found = false;
  for (let at = p + (inverted ? 2 : 1); at < end; at++) {
    if (pattern[at] === '\\') at++;
    const low = pattern[at] ?? '';
    let high = low;
    if (pattern[at + 1] === '-' && at + 2 < end) {
      at += 2;
      if (pattern[at] === '\\') at++;
      high = pattern[at] ?? '';
    }
    if (low <= character && character <= high) found = true;
  }
  return found !== inverted ? end + 1 : -1;
}
