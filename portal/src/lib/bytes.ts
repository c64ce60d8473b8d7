import { rounded } from './intl';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size in binary units with three significant digits: 1536 → "1.5 KiB". */
export function formatBytes(bytes: number, language: string): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '–';
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  // 1023.95 KiB would round up to "1,024 KiB".
  if (unit > 0 && value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = rounded[digits](language).format(value);
  return `${number} ${units[unit]}`;
}

/** The units in which limits are set. */
export const storageUnits = ['MiB', 'GiB', 'TiB'] as const;
export type StorageUnit = (typeof storageUnits)[number];

export const unitBytes = (unit: StorageUnit): number => 1024 ** (storageUnits.indexOf(unit) + 2);

/** 10737418240 → 10 GiB: the largest unit that leaves a number of one or more; -1 is no amount. */
export function splitBytes(bytes: number): { amount: number | ''; unit: StorageUnit } {
  if (!(bytes > 0)) return { amount: '', unit: 'GiB' };
  const unit = storageUnits.findLast((each) => bytes >= unitBytes(each)) ?? 'MiB';
  return { amount: Math.round((bytes / unitBytes(unit)) * 1000) / 1000, unit };
}
