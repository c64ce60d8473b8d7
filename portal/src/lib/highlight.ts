/** What a piece of text is, for its colour; undefined: plain. */
export type Tone = 'key' | 'string' | 'number' | 'word' | 'comment';
export type Piece = readonly [text: string, tone?: Tone];
export type Language = 'json' | 'yaml';

/** Beyond this the text is shown plain: colours help nobody read a megabyte. */
export const mostColoured = 300_000;

/** Lines of coloured pieces; joined they are the text again, whatever it is. */
export function highlight(text: string, language: Language): Piece[][] {
  const lines = text.split('\n');
  if (text.length > mostColoured) return lines.map((line) => [[line]]);
  return language === 'json' ? lines.map(jsonLine) : yamlLines(lines);
}

const jsonPattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

function jsonLine(line: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of line.matchAll(jsonPattern)) {
    const [all, string, colon, number] = match;
    if (match.index > at) pieces.push([line.slice(at, match.index)]);
    if (string !== undefined) {
      pieces.push([string, colon === undefined ? 'string' : 'key']);
      if (colon !== undefined) pieces.push([colon]);
    } else {
      pieces.push([all, number === undefined ? 'word' : 'number']);
    }
    at = match.index + all.length;
  }
  if (at < line.length || pieces.length === 0) pieces.push([line.slice(at)]);
  return pieces;
}

const yamlKey = /^(\s*(?:- +)*)("[^"]*"|'[^']*'|[^\s#'"{}[\],&*!|>%@`-][^#:]*|-[^\s#:][^#:]*)(:)(?=\s|$)/;
const yamlBlock = /[|>][+-]?\d?\s*(?:#.*)?$/;

function yamlLines(lines: string[]): Piece[][] {
  /** the indentation of the key whose value is a block of text, while inside of it */
  let block = -1;
  return lines.map((line) => {
    const indent = line.search(/\S/);
    if (block >= 0 && (indent === -1 || indent > block)) return [[line, 'string']];
    block = -1;
    const key = yamlKey.exec(line);
    const [start = '', name = ''] = key ? [key[1], key[2]] : [/^\s*(?:- +)*/.exec(line)?.[0]];
    const rest = line.slice(start.length + (key ? name.length + 1 : 0));
    if (yamlBlock.test(rest) && !rest.trimStart().startsWith('#')) block = Math.max(indent, 0);
    const head: Piece[] = key ? [[start], [name, 'key'], [':']] : [[start]];
    return [...head.filter(([text]) => text !== ''), ...yamlValue(rest)];
  });
}

function yamlValue(text: string): Piece[] {
  const at = commentStart(text);
  const [value, comment] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  const bare = value.trim();
  const tone = /^(?:true|false|null|~)$/i.test(bare) ? 'word' : /^-?\d+(?:\.\d+)?$/.test(bare) ? 'number' : /^["']/.test(bare) ? 'string' : undefined;
  const pieces: Piece[] = value === '' ? [] : [tone ? [value, tone] : [value]];
  return comment === '' ? (pieces.length > 0 ? pieces : [['']]) : [...pieces, [comment, 'comment']];
}

/** A # begins a comment at the start or after a space, and not inside quotes. */
function commentStart(text: string): number {
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (quote !== '') {
      if (character === '\\' && quote === '"') i++;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && /^[\s:,[{]?$/.test(text.charAt(i - 1))) {
      quote = character;
    } else if (character === '#' && (i === 0 || /\s/.test(text.charAt(i - 1)))) {
      return i;
    }
  }
  return -1;
}
