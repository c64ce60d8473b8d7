import { exactTime, relativeTime } from './intl';

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** Harbor writes "never" as the year 1. */
export function parseTime(text: string | null | undefined): Date | null {
  if (!text || text.startsWith('0001-')) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

export function formatRelative(date: Date, now: Date, language: string): string {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const format = relativeTime(language);
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  // Clocks differ a little; nothing shown here happens in the future.
  return format.format(Math.trunc(Math.min(seconds, 0)), 'second');
}

export function formatExact(date: Date, language: string): string {
  return exactTime(language).format(date);
}

/** As the browser's own input for a time has it, by the clock of the reader's device: 2026-11-30T09:15. */
export function localMinute(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
