import { useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { parsePlace } from '@/lib/reference';
import { lazyPage } from './lazyPage';
import { NotFoundPage } from './NotFoundPage';
import { PageSkeleton } from './PageSkeleton';

const RepositoryPage = lazyPage(['artifacts'], () => import('@/features/repositories/RepositoryPage').then((m) => m.RepositoryPage));
const ArtifactPage = lazyPage(['artifacts', 'chart', 'config', 'referrers'], () => import('@/features/artifacts/ArtifactPage').then((m) => m.ArtifactPage));
const HistoryPage = lazyPage(['history'], () => import('@/features/history/HistoryPage').then((m) => m.HistoryPage));
const ComparePage = lazyPage(['artifacts', 'compare', 'config'], () => import('@/features/compare/ComparePage').then((m) => m.ComparePage));

/** A repository's name may hold slashes, so one route stands for the repository and for what is in it. */
export function PlacePage() {
  const { project = '', _splat = '' } = useParams({ strict: false });
  const place = parsePlace(_splat);
  if (place.kind === 'none') return <NotFoundPage />;
  if (place.kind === 'comparison') {
    return (
      <Suspense fallback={<PageSkeleton />}>
        <ComparePage project={project} repository={place.repository} from={place.from} to={place.to} />
      </Suspense>
    );
  }
  if (place.kind === 'history') {
    return (
      <Suspense fallback={<PageSkeleton />}>
        <HistoryPage key={`${project}/${place.repository}/${place.tag}`} project={project} repository={place.repository} tag={place.tag} />
      </Suspense>
    );
  }
  return (
    <Suspense fallback={<PageSkeleton />}>
      {place.kind === 'repository' ? (
        <RepositoryPage key={`${project}/${place.repository}`} project={project} repository={place.repository} />
      ) : (
        <ArtifactPage
          key={`${project}/${place.repository}/${place.reference}`}
          project={project}
          repository={place.repository}
          reference={place.reference}
        />
      )}
    </Suspense>
  );
}
