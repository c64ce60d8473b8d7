import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermissionState } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { ApiError } from '@/lib/problem';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { Robots } from './Robots';

/** A project's robots. */
export function RobotsPage() {
  const { t } = useTranslation();
  const { project: name = '' } = useParams({ strict: false });
  const project = useQuery(projectQuery(name)).data;
  const { permissions, isPending } = usePermissionState(name);
  if (!project || isPending) return null;
  if (!permissions.may('list', 'robot')) {
    return (
      <Panel>
        <ErrorState error={new ApiError({ status: 403, code: 'FORBIDDEN', message: '' })} needs={t('role.guest')} owner={project.owner_name} />
      </Panel>
    );
  }
  return (
    <Robots
      home={{ level: 'project', project: name, projectId: project.project_id }}
      owner={project.owner_name}
      mayCreate={permissions.may('create', 'robot')}
      mayChange={permissions.may('update', 'robot')}
      mayDelete={permissions.may('delete', 'robot')}
      mayGive={({ resource, action }) => permissions.may(action, resource === 'project' ? '.' : resource)}
    />
  );
}

/** The robots that belong to no project. */
export function SystemRobotsPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('robots.title')} text={t('robots.text')} />
      <Robots home={{ level: 'system' }} mayCreate mayChange mayDelete mayGive={() => true} />
    </>
  );
}
