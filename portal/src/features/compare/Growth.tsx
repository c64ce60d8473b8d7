import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';

/** "+1.5 MiB (+3 %)" */
export function Growth({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const more = to - from;
  if (more === 0) return <>{t('compare.sameSize')}</>;
  const sign = more > 0 ? '+' : '−';
  const share = from > 0 ? ` (${sign}${format.percent(Math.abs(more) / from)})` : '';
  return <span className="tabular">{`${sign}${format.bytes(Math.abs(more))}${share}`}</span>;
}
