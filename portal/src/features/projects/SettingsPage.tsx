import { Skeleton, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCurrentUser, usePermissionState } from '@/api/hooks';
import { keys } from '@/api/keys';
import { projectQuery, summaryQuery } from '@/api/shared';
import { ApiError } from '@/lib/problem';
import { ErrorState } from '@/ui/ErrorState';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { useSaveSettings } from './api';
import { DeleteProject } from './DeleteProject';
import { SettingsForm } from './SettingsForm';

export function SettingsPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { project: name = '' } = useParams({ strict: false });
  const project = useQuery(projectQuery(name)).data;
  const quota = useQuery(summaryQuery(name)).data?.quota;
  const { permissions, isPending } = usePermissionState(name);
  const { user } = useCurrentUser();
  const save = useSaveSettings(name);
  const mayChange = permissions.may('update', '.');
  const mayDelete = permissions.may('delete', '.');

  if (isPending || !project) return <Skeleton height={180} radius="lg" maw={760} aria-hidden />;
  if (!mayChange && !mayDelete) {
    const denied = new ApiError({ status: 403, code: 'FORBIDDEN', message: '' });
    return (
      <Panel>
        <ErrorState error={denied} needs={t('role.projectAdmin')} owner={project.owner_name} />
      </Panel>
    );
  }
  const limits = user?.sysadmin_flag === true;
  return (
    <Stack gap="lg" maw={760}>
      {mayChange && (!limits || quota) && (
        <SettingsForm
          // Another state of the project's is another form: what was typed belonged to the old one.
          key={`${project.update_time} ${quota?.hard?.storage}`}
          settings={{
            isPublic: project.metadata?.public === 'true',
            limit: limits ? (quota?.hard?.storage ?? -1) : undefined, used: quota?.used?.storage ?? 0,
            own: {
              recovery_days: project.metadata?.recovery_days ?? '',
              tag_expiry_days: project.metadata?.tag_expiry_days ?? '',
              tag_expiry_pattern: project.metadata?.tag_expiry_pattern ?? '',
            },
          }}
          onSave={async (change) => {
            await save.mutateAsync({ change, edition: project.update_time });
            notify.done(t('projectSettings.saved'));
          }}
          onReload={() => void queryClient.invalidateQueries({ queryKey: keys.projects.all })}
        />
      )}
      {mayDelete && <DeleteProject name={name} />}
    </Stack>
  );
}
