import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { CodeView } from '@/ui/CodeView';
import { CopyButton } from '@/ui/CopyButton';
import { textQuery } from './api';
import { ContentPanel } from './ContentPanel';

export function Values({ place, digest }: { place: Place; digest: string }) {
  const { t } = useTranslation();
  const values = useQuery(textQuery(place, digest, 'values.yaml'));
  return (
    <ContentPanel
      title={t('artifacts.tabs.values')}
      query={values}
      isEmpty={(text) => text.trim() === ''}
      flush
      actions={(text) => <CopyButton size="md" text={text} label={t('chart.copyValues')} />}
    >
      {(text) => <CodeView text={text} language="yaml" label={t('artifacts.tabs.values')} />}
    </ContentPanel>
  );
}
