import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions, useRegistryHost } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { isDigest, placeOf, shortDigest } from '@/lib/reference';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { notify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { AddTag } from './AddTag';
import { artifactQuery, useDeleteArtifact } from './api';
import { ArtifactSkeleton } from './ArtifactSkeleton';
import { ArtifactView } from './ArtifactView';

interface Props {
  project: string;
  repository: string;
  reference: string;
}

export function ArtifactPage({ project, repository, reference }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const host = useRegistryHost();
  const artifact = useQuery(artifactQuery(project, repository, reference));
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const permissions = usePermissions(project);
  const remove = useDeleteArtifact(project, repository, artifact.data?.digest ?? reference);
  const [dialog, setDialog] = useState<'tag' | 'delete'>();
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
  const names = artifact.data.tags?.map((each) => each.name) ?? [];
  return (
    <>
      <ArtifactView
        project={project}
        repository={repository}
        tag={tag}
        host={host}
        artifact={artifact.data}
        crumbs={crumbs}
        mayTag={permissions.may('create', 'tag')}
        mayUntag={permissions.may('delete', 'tag')}
        mayDelete={permissions.may('delete', 'artifact')}
        onTag={() => setDialog('tag')}
        onDelete={() => setDialog('delete')}
      />
      {dialog === 'tag' && (
        <AddTag project={project} repository={repository} digest={artifact.data.digest} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          title={t('artifacts.delete')}
          text={t('artifacts.deleteConfirm', { name: names.join(', ') || shortDigest(artifact.data.digest) })}
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync();
            notify.done(t('artifacts.deleted'));
            await navigate({ to: '/projects/$project/repositories/$', params: { project, _splat: repository } });
          }}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  );
}
