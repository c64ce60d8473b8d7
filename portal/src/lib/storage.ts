/** Remembers small choices in the browser; works, without remembering, where storage is switched off. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`roadstead.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`roadstead.${key}`, value);
  } catch {
    // Private windows may refuse: the choice lasts until the page is left.
  }
}
