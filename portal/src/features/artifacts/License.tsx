import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { textQuery } from './api';
import { ContentPanel } from './ContentPanel';
import classes from './Artifact.module.css';

export function License({ place, digest }: { place: Place; digest: string }) {
  const { t } = useTranslation();
  const license = useQuery(textQuery(place, digest, 'license'));
  return (
    <ContentPanel title={t('artifacts.tabs.license')} query={license} isEmpty={(text) => text.trim() === ''}>
      {(text) => (
        <pre className={classes.license} tabIndex={0} role="group" aria-label={t('artifacts.tabs.license')}>
          {text}
        </pre>
      )}
    </ContentPanel>
  );
}
