import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissionState, useRegistryHost } from '@/api/hooks';
import { activityQuery } from '@/api/activity';
import { projectQuery, summaryQuery } from '@/api/shared';
import type { Repository } from '@/api/types';
import { withoutProject } from '@/lib/reference';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { repositoriesQuery, useDeleteRepository } from './api';
import { ProjectFacts } from './ProjectFacts';
import { RepositoriesView } from './RepositoriesView';
import classes from './Repositories.module.css';

export function RepositoriesPage() {
  const { t } = useTranslation();
  const { project: name = '' } = useParams({ strict: false });
  const { search, set } = useListState();
  const host = useRegistryHost();
  const repositories = useQuery(repositoriesQuery(name, search));
  const project = useQuery(projectQuery(name)).data;
  const activity = useQuery({ ...activityQuery(name), enabled: project !== undefined });
  const summary = useQuery({ ...summaryQuery(name), enabled: project !== undefined }).data;
  const { permissions, isPending } = usePermissionState(name);
  const remove = useDeleteRepository(name);
  const [doomed, setDoomed] = useState<Repository>();

  return (
    <div className={classes.columns}>
      <RepositoriesView
        project={name}
        host={host}
        search={search}
        onSearch={set}
        repositories={isPending ? { ...repositories, data: undefined } : repositories}
        owner={project?.owner_name}
        mayPush={permissions.may('push', 'repository')}
        mayDelete={permissions.may('delete', 'repository')}
        onDelete={setDoomed}
      />
      <ProjectFacts host={host} project={project} summary={summary} activity={activity} mayPush={permissions.may('push', 'repository')} />
      {doomed && (
        <ConfirmDialog
          title={t('repositories.delete')}
          text={t('repositories.deleteConfirm', { name: doomed.name, count: doomed.artifact_count ?? 0 })}
          action={t('common.delete')}
          name={withoutProject(doomed.name, name)}
          onConfirm={async () => {
            await remove.mutateAsync(withoutProject(doomed.name, name));
            notify.done(t('repositories.deleted', { name: doomed.name }));
          }}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </div>
  );
}
