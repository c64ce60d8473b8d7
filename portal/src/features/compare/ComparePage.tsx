import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { artifactQuery } from '@/api/artifacts';
import { projectQuery } from '@/api/shared';
import { isDigest, placeOf, shortDigest } from '@/lib/reference';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { CompareSkeleton } from './CompareSkeleton';
import { CompareView } from './CompareView';

interface Props {
  project: string;
  repository: string;
  from: string;
  to: string;
}

export function ComparePage({ project, repository, from, to }: Props) {
  const { t } = useTranslation();
  const place = { project, repository };
  const left = useQuery(artifactQuery(place, from));
  const right = useQuery(artifactQuery(place, to));
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const failed = [left, right].find((side) => side.error && !side.data);
  const name = (reference: string) => (isDigest(reference) ? shortDigest(reference) : reference);
  return (
    <>
      <PageHeader
        title={t('compare.title', { from: name(from), to: name(to) })}
        crumbs={[
          <TextLink key="projects" to="/projects" size="sm">
            {t('nav.projects')}
          </TextLink>,
          <TextLink key="project" to="/projects/$project" params={{ project }} size="sm">
            {project}
          </TextLink>,
          <TextLink key="repository" to="/projects/$project/repositories/$" params={{ project, _splat: placeOf(repository) }} size="sm">
            {repository}
          </TextLink>,
        ]}
      />
      {failed ? (
        <Panel>
          <ErrorState error={failed.error} onRetry={() => void failed.refetch()} needs={t('role.anyMember')} owner={owner} />
        </Panel>
      ) : left.data && right.data ? (
        <CompareView place={place} from={{ name: from, artifact: left.data }} to={{ name: to, artifact: right.data }} />
      ) : (
        <CompareSkeleton />
      )}
    </>
  );
}
