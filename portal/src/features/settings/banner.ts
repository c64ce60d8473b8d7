export const tones = ['info', 'success', 'warning', 'danger'] as const;
export type Tone = (typeof tones)[number];

/** The message to everybody, as its form has it; Harbor keeps it as JSON inside a string. */
export interface BannerDraft {
  message: string;
  type: Tone;
  closable: boolean;
  /** 2026-11-21, or empty */
  fromDate: string;
  toDate: string;
}

const none: BannerDraft = { message: '', type: 'warning', closable: false, fromDate: '', toDate: '' };

/** Words that are not Harbor's JSON are the message itself. */
export function readBanner(text: string): BannerDraft {
  if (text === '') return none;
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return { ...none, message: text };
  }
  if (typeof stored !== 'object' || stored === null) return { ...none, message: text };
  const { message, type, closable, fromDate, toDate } = stored as Record<string, unknown>;
  return {
    message: typeof message === 'string' ? message : '',
    type: tones.find((tone) => tone === type) ?? none.type,
    closable: closable === true,
    fromDate: dayOf(fromDate),
    toDate: dayOf(toDate),
  };
}

/** No message is no banner, whatever else was chosen. */
export function writeBanner({ message, type, closable, fromDate, toDate }: BannerDraft): string {
  if (message.trim() === '') return '';
  return JSON.stringify({ message, type, closable, ...(fromDate ? { fromDate } : {}), ...(toDate ? { toDate } : {}) });
}

function dayOf(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (/^\d{4}-\d{2}-\d{2}/.test(value)) return value.slice(0, 10);
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}
