import { refusalText } from '@/ui/refusalText';

export interface Failure<T> {
  item: T;
  reason: string;
}

/** One after the other: what one refusal stops is that one alone. */
export async function forEach<T>(items: readonly T[], change: (item: T) => Promise<unknown>): Promise<Failure<T>[]> {
  const failures: Failure<T>[] = [];
  for (const item of items) {
    try {
      await change(item);
    } catch (error) {
      failures.push({ item, reason: refusalText(error) });
    }
  }
  return failures;
}
