import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { artifactQuery } from '@/api/artifacts';
import { usePermissions, useRegistryHost } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { isDigest, placeOf, shortDigest } from '@/lib/reference';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import type { Dialog } from './ArtifactDialogs';
import { ArtifactSkeleton } from './ArtifactSkeleton';
import { ArtifactView } from './ArtifactView';

const ArtifactDialogs = lazy(() => import('./ArtifactDialogs').then((m) => ({ default: m.ArtifactDialogs })));

interface Props {
  project: string;
  repository: string;
  reference: string;
}

export function ArtifactPage({ project, repository, reference }: Props) {
  const { t } = useTranslation();
  const place = { project, repository };
  const host = useRegistryHost();
  const artifact = useQuery(artifactQuery(place, reference));
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const permissions = usePermissions(project);
  const [dialog, setDialog] = useState<Dialog>();
  const tag = isDigest(reference) ? undefined : reference;

  const crumbs = [
    <TextLink key="projects" to="/projects" size="sm">
      {t('nav.projects')}
    </TextLink>,
    <TextLink key="project" to="/projects/$project" params={{ project }} size="sm">
      {project}
    </TextLink>,
    <TextLink key="repository" to="/projects/$project/repositories/$" params={{ project, _splat: placeOf(repository) }} size="sm">
      {repository}
    </TextLink>,
  ];
  if (!artifact.data) {
    return (
      <>
        <PageHeader title={tag ?? shortDigest(reference)} crumbs={crumbs} />
        {artifact.error ? (
          <Panel>
            <ErrorState error={artifact.error} onRetry={() => void artifact.refetch()} needs={t('role.anyMember')} owner={owner} />
          </Panel>
        ) : (
          <ArtifactSkeleton />
        )}
      </>
    );
  }
  const opens = (kind: 'tag' | 'labels' | 'copy' | 'delete', allowed: boolean) => (allowed ? () => setDialog({ kind }) : undefined);
  return (
    <>
      <ArtifactView
        place={place}
        tag={tag}
        host={host}
        artifact={artifact.data}
        crumbs={crumbs}
        actions={{
          onTag: opens('tag', permissions.may('create', 'tag')),
          onUntag: permissions.may('delete', 'tag') ? (name) => setDialog({ kind: 'untag', tag: name }) : undefined,
          onExpire: permissions.may('delete', 'tag') ? (of) => setDialog({ kind: 'expire', tag: of }) : undefined,
          onLabel: opens('labels', permissions.may('create', 'artifact-label')),
          // Whether the other project takes it, only the server knows.
          onCopy: opens('copy', permissions.may('pull', 'repository')),
          onDelete: opens('delete', permissions.may('delete', 'artifact')),
        }}
      />
      {dialog && (
        <Suspense>
          <ArtifactDialogs dialog={dialog} place={place} artifact={artifact.data} tag={tag} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </>
  );
}
