import { useTranslation } from 'react-i18next';
import classes from './SignIn.module.css';

/** Still water behind a wall, ships at anchor, a light on the pier head: what a roadstead is. */
export function Harbour() {
  const { t } = useTranslation();
  return (
    <aside className={classes.harbour} aria-label={t('shell.product')}>
      <svg viewBox="0 0 720 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">
        <defs>
          <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor="#073544" />
            <stop offset="1" stopColor="#0f6f86" />
          </linearGradient>
          <linearGradient id="water" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor="#0d5f75" />
            <stop offset="1" stopColor="#062a37" />
          </linearGradient>
        </defs>
        <rect width="720" height="560" fill="url(#sky)" />
        <circle cx="548" cy="352" r="64" fill="#ffb454" opacity="0.92" />
        <path d="M0 470 Q120 418 250 452 T470 440 T720 420 V570 H0Z" fill="#0a4a5c" opacity="0.75" />
        <path d="M0 508 Q160 470 300 500 T560 492 T720 478 V570 H0Z" fill="#083d4d" />
        <rect y="540" width="720" height="360" fill="url(#water)" />
        <g fill="#ffb454" opacity="0.5">
          <rect x="490" y="560" width="116" height="4" rx="2" />
          <rect x="510" y="584" width="80" height="4" rx="2" />
          <rect x="498" y="610" width="98" height="4" rx="2" />
          <rect x="526" y="640" width="48" height="4" rx="2" />
        </g>
        <g transform="translate(118 470)">
          <path d="M0 70h252l-22 42H26Z" fill="#052630" />
          <rect x="26" y="34" width="44" height="34" rx="3" fill="#d9622b" />
          <rect x="74" y="34" width="44" height="34" rx="3" fill="#bfe6ee" />
          <rect x="122" y="34" width="44" height="34" rx="3" fill="#2b8ca1" />
          <rect x="26" y="-4" width="44" height="34" rx="3" fill="#2b8ca1" />
          <rect x="74" y="-4" width="44" height="34" rx="3" fill="#ffb454" />
          <rect x="186" y="-14" width="36" height="82" rx="3" fill="#eaf6f8" />
          <rect x="192" y="-4" width="24" height="9" rx="2" fill="#0c6076" />
        </g>
        <path d="M720 640C600 628 520 652 470 700s-150 74-286 70c-70-2-130 6-184 28v102h720Z" fill="#04212b" />
        <g transform="translate(626 520)">
          <path d="M6 120 14 24h20l8 96Z" fill="#eaf6f8" />
          <path d="M9.5 84h29l2.5 22H7.500Z" fill="#d9622b" />
          <rect x="10" y="4" width="28" height="20" rx="4" fill="#ffb454" />
          <path d="M8 4h32L24-12Z" fill="#052630" />
        </g>
        <g fill="none" stroke="#7bbdcb" strokeWidth="3" strokeLinecap="round" opacity="0.45">
          <path d="M40 620c16 0 16 9 32 9s16-9 32-9 16 9 32 9 16-9 32-9" />
          <path d="M262 662c16 0 16 9 32 9s16-9 32-9 16 9 32 9" />
          <path d="M70 708c16 0 16 9 32 9s16-9 32-9" />
        </g>
      </svg>
      <div className={classes.words}>
        <p className={classes.motto}>{t('session.motto')}</p>
        <p>{t('session.mottoText')}</p>
      </div>
    </aside>
  );
}
