export interface Failure<T> {
  item: T;
  /** the refusal */
  error: unknown;
}

export interface Progress<T> {
  total: number;
  done: number;
  failures: readonly Failure<T>[];
}

/** A browser keeps about six connections to a server; some stay free for the page. */
const atOnce = 4;

/** Does one thing to many. What is refused is kept, and the rest goes on. */
export async function forEach<T>(items: readonly T[], act: (item: T) => Promise<unknown>, onProgress: (progress: Progress<T>) => void): Promise<Progress<T>> {
  const failures: Failure<T>[] = [];
  let done = 0;
  const tell = (): Progress<T> => ({ total: items.length, done, failures: [...failures] });
  const waiting = items.values();
  async function work() {
    for (const item of waiting) {
      try {
        await act(item);
      } catch (error) {
        failures.push({ item, error });
      }
      done++;
      onProgress(tell());
    }
  }
  onProgress(tell());
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return tell();
}
