import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { Markdown } from '@/ui/Markdown';
import { textQuery } from './api';
import { ContentPanel } from './ContentPanel';

/** Longer than this nobody reads here, and drawing it would hold up the page. */
const longest = 400_000;

export function Readme({ place, digest }: { place: Place; digest: string }) {
  const { t } = useTranslation();
  const readme = useQuery(textQuery(place, digest, 'readme.md'));
  return (
    <ContentPanel title={t('artifacts.tabs.readme')} query={readme} isEmpty={(text) => text.trim() === ''}>
      {(text) => <Markdown text={text.slice(0, longest)} />}
    </ContentPanel>
  );
}
