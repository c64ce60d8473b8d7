import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';
import { readBanner } from './banner';
import type { Field, Value } from './fields';

/** A setting's value as people say it. */
export function ValueWords({ field, value }: { field: Field; value: Value | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <>{words()}</>;

  function words(): string {
    switch (field.kind) {
      case 'switch':
        return value === true ? t('changes.on') : t('changes.off');
      case 'choice':
        return t(`settings.choices.${value as 'everyone' | 'adminonly'}`);
      case 'number':
        if (value === -1) return t('settings.forever');
        return Number.isNaN(value) ? '–' : `${format.number(Number(value))} ${t(`settings.units.${field.unit}`)}`;
      case 'storage':
        return value === -1 ? t('projects.unlimited') : format.bytes(Number(value));
      case 'text':
        return String(value) || t('changes.nothing');
      case 'banner':
        return bannerWords(String(value));
    }
  }
  function bannerWords(text: string): string {
    const banner = readBanner(text);
    if (banner.message === '') return t('changes.nothing');
    const days = banner.fromDate || banner.toDate ? ` (${banner.fromDate || '…'} – ${banner.toDate || '…'})` : '';
    return `${t(`settings.tones.${banner.type}`)}: ${banner.message}${days}`;
  }
}
