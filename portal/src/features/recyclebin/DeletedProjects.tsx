import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeletedProject } from '@/api/types';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { deletedProjectsQuery, useRestoreProject } from './api';
import { DeletedProjectsView } from './DeletedProjectsView';
import { RestoreProject } from './RestoreProject';

export function DeletedProjects() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const projects = useQuery(deletedProjectsQuery(search));
  const restore = useRestoreProject();
  const [restoring, setRestoring] = useState<DeletedProject>();
  return (
    <>
      <DeletedProjectsView search={search} onSearch={set} projects={projects} onRestore={setRestoring} />
      {restoring && (
        <RestoreProject
          project={restoring}
          onRestore={async (name) => {
            const back = await restore.mutateAsync({ id: restoring.project_id, name });
            notify.done(t('recycleBin.projectRestored', { name: back.name }));
          }}
          onClose={() => setRestoring(undefined)}
        />
      )}
    </>
  );
}
