/** What an address can carry beside its path: everything that a link must bring back. */
export interface Search {
  page?: number | undefined;
  /** the text that a list is filtered by */
  q?: string | undefined;
  sort?: string | undefined;
  /** a list's main choice: all, public, private; tagged, untagged */
  show?: string | undefined;
  tab?: string | undefined;
  /** a digest of one platform's manifest inside an index */
  platform?: string | undefined;
  who?: string | undefined;
  action?: string | undefined;
  kind?: string | undefined;
  /** a label's id */
  label?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** a dialog that is open: "project" */
  new?: string | undefined;
  result?: string | undefined;
  /** an entry of a list that is looked at: its id */
  entry?: string | undefined;
  /** why somebody was sent to the sign-in page */
  why?: string | undefined;
  /** where to go after signing in */
  next?: string | undefined;
}

const words = ['q', 'sort', 'show', 'tab', 'platform', 'who', 'action', 'kind', 'label', 'from', 'to', 'new', 'result', 'entry', 'why', 'next'] as const;
const longest = 1024;

/** Takes what is known from an address that anybody may have written. */
export function readSearch(raw: Record<string, unknown>): Search {
  const search: Search = {};
  const page = Number(raw.page);
  if (Number.isSafeInteger(page) && page > 1) search.page = page;
  for (const word of words) {
    const value = raw[word];
    if (typeof value === 'string' && value !== '' && value.length <= longest) search[word] = value;
  }
  return search;
}

export function parseSearch(text: string): Record<string, unknown> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
