import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useCurrentUser } from '@/api/hooks';
import { systemInfoQuery } from '@/api/shared';
import { useListState } from '@/ui/useListState';
import { projectsQuery } from './api';
import { ProjectsView } from './ProjectsView';

const CreateProject = lazy(() => import('./CreateProject').then((m) => ({ default: m.CreateProject })));

export function ProjectsPage() {
  const { search, set } = useListState();
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
