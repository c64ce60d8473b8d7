export type BannerTone = 'info' | 'success' | 'warning' | 'danger';

export interface Banner {
  message: string;
  tone: BannerTone;
  closable: boolean;
}

const tones: readonly string[] = ['info', 'success', 'warning', 'danger'];

/** Harbor keeps the banner as JSON inside a string; anything else is shown as it is. Outside its dates there is none. */
export function parseBanner(text: string | undefined, now: Date): Banner | undefined {
  if (!text) return undefined;
  let stored: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(text);
    stored = typeof value === 'object' && value !== null ? { ...value } : { message: text };
  } catch {
    stored = { message: text };
  }
  if (typeof stored.message !== 'string' || stored.message.trim() === '') return undefined;
  if (isAfter(stored.fromDate, now) || isBefore(stored.toDate, now)) return undefined;
  const tone = typeof stored.type === 'string' && tones.includes(stored.type) ? (stored.type as BannerTone) : 'warning';
  return { message: stored.message, tone, closable: stored.closable === true };
}

const time = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? new Date(value).getTime() : Number.NaN);
const isAfter = (value: unknown, now: Date) => time(value) > now.getTime();
/** The last day counts to its end. */
const isBefore = (value: unknown, now: Date) => time(value) + 24 * 60 * 60_000 <= now.getTime();
