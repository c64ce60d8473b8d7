import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { wearableLabelsQuery } from '@/api/artifacts';
import { useCurrentUser, usePermissions, useRegistryHost } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import type { Artifact } from '@/api/types';
import { useListState } from '@/ui/useListState';
import { useSelection } from '@/ui/useSelection';
import { artifactsQuery, repositoryQuery } from './api';
import type { Dialog } from './RepositoryDialogs';
import { RepositoryHeader } from './RepositoryHeader';
import { RepositoryView } from './RepositoryView';
import { SelectedArtifacts } from './SelectedArtifacts';
import { useArtifactWork, type Doing } from './useArtifactWork';
import { usePullKey } from './usePullKey';
import { WorkPanel } from './WorkPanel';

const RepositoryDialogs = lazy(() => import('./RepositoryDialogs').then((m) => ({ default: m.RepositoryDialogs })));

export function RepositoryPage({ project, repository }: { project: string; repository: string }) {
  const place = { project, repository };
  const { search, set } = useListState();
  const host = useRegistryHost();
  const { user } = useCurrentUser();
  const found = useQuery(repositoryQuery(place));
  const artifacts = useQuery(artifactsQuery(place, search));
  const about = useQuery(projectQuery(project)).data;
  const labels = useQuery(wearableLabelsQuery(user ? about?.project_id : undefined, ''));
  const permissions = usePermissions(project);
  const selection = useSelection<Artifact>((artifact) => artifact.digest);
  const { work, start, dismiss } = useArtifactWork(place);
  const [dialog, setDialog] = useState<Dialog>();
  usePullKey(host, place, artifacts.data?.items);

  const idle = work === undefined || work.done === work.total;
  const withMany = (kind: Doing, allowed: boolean) => (allowed && idle ? (chosen: readonly Artifact[]) => setDialog({ kind, artifacts: chosen }) : undefined);
  const actions = {
    onTag: withMany('tag', permissions.may('create', 'tag')),
    onLabel: withMany('label', permissions.may('create', 'artifact-label')),
    onDelete: withMany('delete', permissions.may('delete', 'artifact')),
  };
  const open = (kind: 'describe' | 'push' | 'remove', allowed: boolean) => (allowed && found.data ? () => setDialog({ kind }) : undefined);

  return (
    <>
      <RepositoryHeader
        place={place}
        repository={found.data}
        onDescribe={open('describe', permissions.may('update', 'repository'))}
        hasHistory={permissions.may('read', 'repository')}
        onPush={open('push', permissions.may('push', 'repository'))}
        onDelete={open('remove', permissions.may('delete', 'repository'))}
      />
      <RepositoryView
        project={project}
        repository={repository}
        host={host}
        search={search}
        onSearch={set}
        artifacts={found.error && !found.data ? { ...artifacts, data: undefined, error: found.error } : artifacts}
        // Its place is kept while they are on their way.
        labels={user && !labels.error ? (labels.data ?? []) : undefined}
        selection={selection}
        owner={about?.owner_name}
        mayPush={permissions.may('push', 'repository')}
        actions={actions}
      />
      <SelectedArtifacts project={project} repository={repository} selection={selection} actions={actions} />
      {work && <WorkPanel work={work} onDismiss={dismiss} />}
      {dialog && found.data && (
        <Suspense>
          <RepositoryDialogs
            dialog={dialog}
            place={place}
            host={host}
            repository={found.data}
            onReload={async () => (await found.refetch()).data}
            // What was refused stays selected, for another try.
            onRun={(doing, chosen, act) => void start(doing, chosen, act).then(({ failures }) => selection.choose(failures.map((failure) => failure.item)))}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
