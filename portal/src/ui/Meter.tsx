import { useTranslation } from 'react-i18next';
import { useFormat } from './format';
import classes from './Meter.module.css';

interface Props {
  used: number;
  /** -1: none */
  limit: number;
  label: string;
}

/** From here on a quota deserves a look. */
export const nearlyFull = 0.85;

/** How much of a quota is in use: in words, and as a bar. */
export function Meter({ used, limit, label }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  if (limit < 0) return <span className={`${classes.words} tabular`}>{format.bytes(used)}</span>;
  const share = limit === 0 ? 1 : used / limit;
  const tone = share >= 1 ? 'full' : share >= nearlyFull ? 'near' : 'fine';
  return (
    <div className={classes.meter}>
      <span className={`${classes.words} tabular`}>
        {t('common.usedOf', { used: format.bytes(used), limit: format.bytes(limit) })}
        <b data-tone={tone}>{format.percent(share)}</b>
      </span>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share * 100))}
        aria-valuetext={format.percent(share)}
        className={classes.bar}
        data-tone={tone}
      >
        <div style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
    </div>
  );
}
