import { useTranslation } from 'react-i18next';
import { meaningOf } from '@/lib/cron';

const sunday = Date.UTC(2023, 0, 1);

/** A schedule in words; times are UTC and say so. Needs the texts of the area "schedules". */
export function useCronWords() {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  const clock = (hour: number, minute: number) =>
    new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' }).format(Date.UTC(2023, 0, 1, hour, minute));
  const weekday = (day: number) => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(sunday + day * 86_400_000);
  return (cron: string): string => {
    const meaning = meaningOf(cron);
    switch (meaning.kind) {
      case 'minutes':
        return t('schedules.words.minutes', { count: meaning.every });
      case 'hourly':
        return t('schedules.words.hourly', { minute: String(meaning.minute).padStart(2, '0') });
      case 'daily':
        return t('schedules.words.daily', { time: clock(meaning.hour, meaning.minute) });
      case 'weekly':
        return t('schedules.words.weekly', {
          days: new Intl.ListFormat(language, { type: 'conjunction' }).format(meaning.weekdays.map(weekday)),
          time: clock(meaning.hour, meaning.minute),
        });
      case 'monthly':
        return t('schedules.words.monthly', { day: meaning.day, time: clock(meaning.hour, meaning.minute) });
      case 'custom':
        return t('schedules.words.custom', { cron });
    }
  };
}
