import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { usePins } from '@/api/preferences';
import { systemInfoQuery } from '@/api/shared';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { projectsQuery } from './api';
import { ProjectsView } from './ProjectsView';

const CreateProject = lazy(() => import('./CreateProject').then((m) => ({ default: m.CreateProject })));

export function ProjectsPage() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const { pins, toggle } = usePins();
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery(search));
  const { user } = useCurrentUser();
  const info = useQuery(systemInfoQuery).data;
  const mayCreate = user !== null && (user.sysadmin_flag || info?.project_creation_restriction !== 'adminonly');
  return (
    <>
      <ProjectsView
        search={search}
        onSearch={set}
        projects={projects}
        mayCreate={mayCreate}
        signedIn={user !== null}
        pins={pins}
        onPin={(id) => toggle(id, (error) => notify.failed(t('projects.pinFailed'), error))}
        onCreate={() => set({ new: 'project' })}
      />
      {search.new === 'project' && mayCreate && (
        <Suspense>
          <CreateProject
            mayLimit={user.sysadmin_flag}
            onClose={() => set({ new: undefined }, { replace: true })}
            onCreated={(name) => void navigate({ to: '/projects/$project', params: { project: name }, replace: true })}
          />
        </Suspense>
      )}
    </>
  );
}
