export const day = 86_400_000;

export const durations = [7, 30, 90, 365] as const;
export const longest = 36_500;

export type Validity = 'valid' | 'soon' | 'expired' | 'forever';

/** Within two weeks of the end a pipeline's owner should act. */
const warnBefore = 14 * day;

export function validityOf(expiresAt: number, now: number): Validity {
  if (expiresAt < 0) return 'forever';
  const left = expiresAt * 1000 - now;
  if (left <= 0) return 'expired';
  return left <= warnBefore ? 'soon' : 'valid';
}

/** When what is made now, or was made then, ends; undefined: never. */
export function endOf(duration: number, from: number): Date | undefined {
  return duration < 0 ? undefined : new Date(from + duration * day);
}

export const isDuration = (days: number) => days === -1 || (Number.isInteger(days) && days >= 1 && days <= longest);
