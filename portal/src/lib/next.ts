/** The page to return to after signing in: an address of this portal only, never another site's. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || /^\/[/\\]/.test(next)) return '/';
  if (/^\/sign-(?:in|up)/.test(next) || hasControlCharacter(next)) return '/';
  return next;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 0x20);
}
