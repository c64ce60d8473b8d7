import { useTranslation } from 'react-i18next';
import { formatBytes } from '@/lib/bytes';
import { wholeNumber, wholePercent } from '@/lib/intl';

export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return {
    language,
    number: (value: number) => wholeNumber(language).format(value),
    percent: (value: number) => wholePercent(language).format(value),
    bytes: (value: number) => formatBytes(value, language),
  };
}
