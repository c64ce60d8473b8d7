import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { PageHeader } from '@/ui/PageHeader';
import { Labels } from './Labels';

/** The labels of one project. */
export function LabelsPage() {
  const { project: name = '' } = useParams({ strict: false });
  const project = useQuery(projectQuery(name)).data;
  const permissions = usePermissions(name);
  if (!project) return null;
  return (
    <Labels
      scope={{ scope: 'p', projectId: project.project_id }}
      owner={project.owner_name}
      mayCreate={permissions.may('create', 'label')}
      mayChange={permissions.may('update', 'label')}
      mayDelete={permissions.may('delete', 'label')}
    />
  );
}

/** Those that every project can use. */
export function GlobalLabelsPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('nav.labels')} text={t('labels.globalText')} />
      <Labels scope={{ scope: 'g' }} mayCreate mayChange mayDelete />
    </>
  );
}
