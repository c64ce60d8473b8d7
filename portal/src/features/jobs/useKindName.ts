import { useTranslation } from 'react-i18next';

/** What a kind of job is called; what is not known here is shown as the server calls it. */
export function useKindName() {
  const { t, i18n } = useTranslation();
  return (kind: string): string => (i18n.exists(`schedules.kinds.${kind}`) ? t(`schedules.kinds.${kind as 'SCHEDULER'}`) : kind);
}
