import { Skeleton, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermissionState } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { ApiError } from '@/lib/problem';
import { ErrorState } from '@/ui/ErrorState';
import { Panel } from '@/ui/Panel';
import { Immutability } from './Immutability';
import { Retention } from './Retention';

/** What the project does by itself, a panel for each kind of policy. */
export function PoliciesPage() {
  const { t } = useTranslation();
  const { project = '' } = useParams({ strict: false });
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const { permissions, isPending } = usePermissionState(project);
  if (isPending) return <Skeleton height={180} radius="lg" aria-hidden />;
  const retention = permissions.may('list', 'tag-retention');
  const immutability = permissions.may('list', 'immutable-tag');
  if (!retention && !immutability) {
    return (
      <Panel>
        <ErrorState error={new ApiError({ status: 403, code: 'FORBIDDEN', message: '' })} needs={t('role.maintainer')} owner={owner} />
      </Panel>
    );
  }
  return (
    <Stack gap="lg">
      {retention && <Retention project={project} />}
      {immutability && <Immutability project={project} />}
    </Stack>
  );
}
