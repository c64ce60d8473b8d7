import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecovery } from '@/api/undo';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { RecoveryNote } from '@/ui/RecoveryNote';
import { deletableQuery, useDeleteProject } from './api';

/** The end of a project, apart from everything that can be set. */
export function DeleteProject({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const deletable = useQuery(deletableQuery(name)).data;
  const remove = useDeleteProject(name);
  const recovery = useRecovery(name);
  const [deleting, setDeleting] = useState(false);
  return (
    <Panel title={t('projects.delete')}>
      <Stack gap="md" align="flex-start">
        <Text size="sm" c="dimmed">
          {t('projects.deleteText')}
        </Text>
        {deletable?.deletable === false && <Alert color="amber">{t('projects.notDeletable')}</Alert>}
        <Group>
          <Button color="red" variant="light" disabled={deletable?.deletable !== true} onClick={() => setDeleting(true)}>
            {t('projects.delete')}
          </Button>
        </Group>
      </Stack>
      {deleting && (
        <ConfirmDialog
          title={t('projects.delete')}
          text={
            <Stack gap="sm">
              {t('projects.deleteConfirm', { name })}
              <RecoveryNote seconds={recovery.seconds} />
            </Stack>
          }
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
    </Panel>
  );
}
