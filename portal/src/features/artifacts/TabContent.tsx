import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Artifact } from '@/api/types';
import { useListState } from '@/ui/useListState';
import type { ArtifactActions } from './actions';
import { ArtifactSkeleton } from './ArtifactSkeleton';
import { Overview } from './Overview';
import { PlatformSwitch, usePlatform } from './PlatformSwitch';
import { Referrers } from './Referrers';
import { TagList } from './TagList';
import type { Tab } from './tabs';

const Manifest = lazy(() => import('./Manifest').then((m) => ({ default: m.Manifest })));
const Readme = lazy(() => import('./Readme').then((m) => ({ default: m.Readme })));
const Values = lazy(() => import('./Values').then((m) => ({ default: m.Values })));
const License = lazy(() => import('./License').then((m) => ({ default: m.License })));
const Dependencies = lazy(() => import('./Dependencies').then((m) => ({ default: m.Dependencies })));
const Files = lazy(() => import('./Files').then((m) => ({ default: m.Files })));

interface Props {
  tab: Tab;
  place: Place;
  artifact: Artifact;
  actions: ArtifactActions;
}

export function TabContent(props: Props) {
  return (
    <Suspense fallback={<ArtifactSkeleton />}>
      <Chosen {...props} />
    </Suspense>
  );
}

function Chosen({ tab, place, artifact, actions }: Props) {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const platform = usePlatform(artifact);
  const choose = (digest: string | undefined) => set({ platform: digest });
  switch (tab) {
    case 'overview':
      return (
        <>
          <PlatformSwitch artifact={artifact} platform={platform} onChoose={choose} />
          <Overview {...place} artifact={artifact} digest={platform?.child_digest ?? artifact.digest} actions={actions} />
        </>
      );
    case 'readme':
      return <Readme place={place} digest={artifact.digest} />;
    case 'values':
      return <Values place={place} digest={artifact.digest} />;
    case 'license':
      return <License place={place} digest={artifact.digest} />;
    case 'dependencies':
      return <Dependencies place={place} digest={artifact.digest} />;
    case 'files':
      return <Files place={place} digest={artifact.digest} />;
    case 'tags':
      return <TagList place={place} digest={artifact.digest} onDelete={actions.onUntag} onExpire={actions.onExpire} />;
    case 'referrers':
      return <Referrers {...place} accessories={artifact.accessories ?? []} />;
    case 'manifest':
      return (
        <>
          <PlatformSwitch artifact={artifact} platform={platform} whole={t('artifacts.index')} onChoose={choose} />
          <Manifest {...place} artifact={artifact} digest={search.platform ?? artifact.digest} />
        </>
      );
  }
}
