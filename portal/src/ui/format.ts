import { useTranslation } from 'react-i18next';
import { formatBytes } from '@/lib/bytes';

export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return {
    language,
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    percent: (value: number) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(value),
    bytes: (value: number) => formatBytes(value, language),
  };
}
