import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegistryHost } from '@/api/hooks';
import { keys } from '@/api/keys';
import type { Robot } from '@/api/types';
import type { Permission } from '@/lib/permissions';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { catalogueQuery, robotsQuery, useRobotChanges, type Home, type RobotDraft } from './api';
import { RobotsView, type RobotAction } from './RobotsView';
import type { Credentials } from './snippets';

const RobotForm = lazy(() => import('./RobotForm').then((m) => ({ default: m.RobotForm })));
const SecretDialog = lazy(() => import('./SecretDialog').then((m) => ({ default: m.SecretDialog })));

interface Props {
  home: Home;
  owner?: string | undefined;
  mayCreate: boolean;
  mayChange: boolean;
  mayDelete: boolean;
  mayGive: (permission: Permission) => boolean;
}

export function Robots({ home, owner, mayCreate, mayChange, mayDelete, mayGive }: Props) {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const host = useRegistryHost();
  const queryClient = useQueryClient();
  const robots = useQuery(robotsQuery(home, search));
  const catalogue = useQuery({ ...catalogueQuery, enabled: mayCreate || mayChange }).data;
  const { create, update, setDisabled, rotate, remove } = useRobotChanges(home);
  const [now] = useState(() => new Date());
  const [dialog, setDialog] = useState<{ action: RobotAction; robot: Robot } | { action: 'create' }>();
  const [secret, setSecret] = useState<Credentials>();
  const close = () => setDialog(undefined);
  const project = home.level === 'project' ? home.project : undefined;
  const robot = dialog && 'robot' in dialog ? dialog.robot : undefined;
  const name = robot?.name ?? '';

  function show(whole: string, given: string, of: Robot['permissions']) {
    const first = of?.find((grant) => grant.kind === 'project' && grant.namespace !== '*')?.namespace;
    setSecret({ host, name: whole, secret: given, project: project ?? first ?? 'library' });
  }
  async function save(draft: RobotDraft) {
    if (!robot) {
      const made = await create.mutateAsync(draft);
      show(made.name, made.secret, draft.permissions);
      return;
    }
    await update.mutateAsync({ robot, change: { description: draft.description, duration: draft.duration, permissions: draft.permissions } });
    notify.done(t('robots.saved', { name }));
  }
  return (
    <>
      <RobotsView
        search={search}
        onSearch={set}
        robots={robots}
        catalogue={catalogue}
        project={project}
        owner={owner}
        host={host}
        now={now}
        mayCreate={mayCreate}
        mayChange={mayChange}
        mayDelete={mayDelete}
        onCreate={() => setDialog({ action: 'create' })}
        onAction={(action, of) => setDialog({ action, robot: of })}
        onDisable={(of, disable) => setDisabled.mutate({ robot: of, disable }, { onError: (error) => notify.failed(t('robots.stateFailed', { name: of.name }), error) })}
      />
      <Suspense>
        {catalogue && (dialog?.action === 'create' || dialog?.action === 'edit') && (
          <RobotForm
            catalogue={catalogue}
            project={project}
            robot={robot}
            now={now.getTime()}
            mayGive={mayGive}
            onSubmit={save}
            onReload={() => {
              close();
              void queryClient.invalidateQueries({ queryKey: keys.robots.all });
            }}
            onClose={close}
          />
        )}
        {secret && <SecretDialog credentials={secret} onDone={() => setSecret(undefined)} />}
      </Suspense>
      {robot && dialog?.action === 'rotate' && (
        <ConfirmDialog
          title={t('robots.rotate')}
          text={t('robots.rotateConfirm', { name })}
          action={t('robots.rotateAction')}
          onConfirm={async () => show(name, (await rotate.mutateAsync(robot)).secret, robot.permissions)}
          onClose={close}
        />
      )}
      {robot && dialog?.action === 'delete' && (
        <ConfirmDialog
          title={t('robots.delete')}
          text={t('robots.deleteConfirm', { name })}
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync(robot);
            notify.done(t('robots.deleted', { name }));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
