const scoped = /^(?:project|repo|tag):(.+)$/;
const digest = /^(?:sha256:)?([0-9a-f]{8,64})$/i;

/** The words of a search that names can show, without the syntax around them: "project:web api" → web, api. */
export function wordsOf(q: string): string[] {
  const words = q.split(/\s+/).map((term) => scoped.exec(term)?.[1] ?? digest.exec(term)?.[1] ?? term);
  return [...new Set(words.filter((word) => word !== '').map((word) => word.toLowerCase()))];
}

export interface Part {
  text: string;
  marked: boolean;
}

/** Cuts a name where words were found in it: "team/app", [app] → "team/", then "app" marked. */
export function markedParts(name: string, words: readonly string[]): Part[] {
  const lower = name.toLowerCase();
  const marked = new Array<boolean>(name.length).fill(false);
  for (const word of words) {
    for (let at = lower.indexOf(word); word !== '' && at !== -1; at = lower.indexOf(word, at + 1)) {
      marked.fill(true, at, at + word.length);
    }
  }
  const parts: Part[] = [];
  for (let i = 0; i < name.length; i++) {
    const last = parts.at(-1);
    if (last && last.marked === marked[i]) last.text += name[i];
    else parts.push({ text: name[i] ?? '', marked: marked[i] ?? false });
  }
  return parts;
}
