import { Alert, Button, Group, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissionState } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import { ApiError } from '@/lib/problem';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { deletableQuery, useDeleteProject, useSetVisibility } from './api';

export function SettingsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { project: name = '' } = useParams({ strict: false });
  const project = useQuery(projectQuery(name)).data;
  const { permissions, isPending } = usePermissionState(name);
  const mayDelete = permissions.may('delete', '.');
  const deletable = useQuery({ ...deletableQuery(name), enabled: mayDelete }).data;
  const setVisibility = useSetVisibility(name);
  const remove = useDeleteProject(name);
  const [deleting, setDeleting] = useState(false);
  const isPublic = project?.metadata?.public === 'true';

  if (isPending) return <Skeleton height={180} radius="lg" maw={760} aria-hidden />;
  if (!permissions.may('update', '.') && !mayDelete) {
    const denied = new ApiError({ status: 403, code: 'FORBIDDEN', message: '' });
    return (
      <Panel>
        <ErrorState error={denied} needs={t('role.projectAdmin')} owner={project?.owner_name} />
      </Panel>
    );
  }
  return (
    <Stack gap="lg" maw={760}>
      <Panel title={t('projects.visibility')}>
        <Switch
          label={t('projects.publicSwitch')}
          description={isPublic ? t('visibility.publicText') : t('visibility.privateText')}
          checked={isPublic}
          disabled={!project || !permissions.may('update', '.') || setVisibility.isPending}
          onChange={(event) =>
            setVisibility.mutate(event.currentTarget.checked, {
              onSuccess: () => notify.done(t('projects.visibilitySaved')),
              onError: (error) => notify.failed(t('projects.visibilityFailed'), error),
            })
          }
        />
      </Panel>
      {mayDelete && (
        <Panel title={t('projects.delete')}>
          <Stack gap="md" align="flex-start">
            <Text size="sm" c="dimmed">
              {t('projects.deleteText')}
            </Text>
            {deletable?.deletable === false && <Alert color="amber">{deletable.message || t('projects.notDeletable')}</Alert>}
            <Group>
              <Button color="red" variant="light" disabled={deletable?.deletable !== true} onClick={() => setDeleting(true)}>
                {t('projects.delete')}
              </Button>
            </Group>
          </Stack>
        </Panel>
      )}
      {deleting && (
        <ConfirmDialog
          title={t('projects.delete')}
          text={t('projects.deleteConfirm', { name })}
          action={t('common.delete')}
          name={name}
          onConfirm={async () => {
            await remove.mutateAsync();
            notify.done(t('projects.deleted', { name }));
            await navigate({ to: '/projects' });
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </Stack>
  );
}
