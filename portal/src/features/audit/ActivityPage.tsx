import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { projectQuery } from '@/api/shared';
import { useListState } from '@/ui/useListState';
import { auditQuery } from './api';
import { AuditView } from './AuditView';

/** The audit log of one project. */
export function ActivityPage() {
  const { t } = useTranslation();
  const { project = '' } = useParams({ strict: false });
  const { search, set } = useListState();
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const entries = useQuery(auditQuery(project, search));
  return <AuditView project={project} search={search} onSearch={set} entries={entries} denied={{ needs: t('role.projectAdmin'), owner }} />;
}
