import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermissionState } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { binQuery } from '@/api/undo';
import { useFormat } from '@/ui/format';
import { PageHeader } from '@/ui/PageHeader';
import { useListState } from '@/ui/useListState';
import { isOfProjects } from './api';
import { Bin } from './Bin';
import { DeletedProjects } from './DeletedProjects';

const day = 86_400;

/** The recycle bin of one project. */
export function RecycleBinPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { project: name = '' } = useParams({ strict: false });
  const project = useQuery(projectQuery(name)).data;
  const { permissions, isPending } = usePermissionState(name);
  const about = useQuery({ ...binQuery(name), enabled: permissions.may('list', 'recycle-bin') }).data;
  if (isPending) return <Skeleton height={180} radius="lg" aria-hidden />;
  return (
    <Stack gap="md">
      {about && about.recoverable.storage > 0 && (
        <Text size="sm" c="dimmed">
          {t('recycleBin.recoverable', { size: format.bytes(about.recoverable.storage) })}
        </Text>
      )}
      <Bin
        project={name}
        owner={project?.owner_name}
        days={about && Math.floor(about.recovery_seconds / day)}
        mayRestore={permissions.may('update', 'recycle-bin')}
        mayPurge={permissions.may('delete', 'recycle-bin')}
      />
    </Stack>
  );
}

/** Those of all projects, and the projects that were deleted themselves, for administrators. */
export function AllBinsPage() {
  const { t } = useTranslation();
  const { search } = useListState();
  return (
    <>
      <PageHeader title={t('nav.recycleBin')} text={t('recycleBin.text')} />
      {isOfProjects(search) ? <DeletedProjects /> : <Bin project={undefined} days={undefined} mayRestore mayPurge />}
    </>
  );
}
