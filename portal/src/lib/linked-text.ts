export interface TextPart {
  text: string;
  href?: string;
}

const address = /https?:\/\/[^\s<>"'`|{}\\^[\]]+/g;

/** Splits what people wrote at its web addresses. Nothing else of the text means anything. */
export function linkedText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    // The mark that ends a sentence does not belong to the address.
    const href = match[0].replace(/[.,;:!?)）。，；：！？]+$/, '');
    if (!isWebAddress(href)) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: href, href });
    at = match.index + href.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** The only links that what was pushed or written may carry. */
export function isWebAddress(href: string): boolean {
  return URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
}
