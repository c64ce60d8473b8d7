import { useTranslation } from 'react-i18next';

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Seconds in the two largest units that they have: "2 min 5 sec". */
export function useDuration() {
  const { i18n } = useTranslation();
  return (seconds: number): string => {
    const parts: string[] = [];
    let rest = Math.max(0, Math.round(seconds));
    for (const [unit, size] of units) {
      const count = Math.floor(rest / size);
      if (parts.length === 2 || (count === 0 && !(unit === 'second' && parts.length === 0))) continue;
      parts.push(new Intl.NumberFormat(i18n.language, { style: 'unit', unit, unitDisplay: 'short' }).format(count));
      rest -= count * size;
    }
    return parts.join(' ');
  };
}
