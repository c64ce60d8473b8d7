import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import type { User } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { usersQuery, useUserChanges } from './api';
import { CreateUser } from './CreateUser';
import { SetPassword } from './SetPassword';
import { UsersView, type UserAction } from './UsersView';

export function UsersPage() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const users = useQuery(usersQuery(search));
  const { user: self } = useCurrentUser();
  const { setAdministrator, remove } = useUserChanges();
  const [dialog, setDialog] = useState<{ action: UserAction; user: User } | 'create'>();
  const close = () => setDialog(undefined);
  const about = dialog === 'create' ? undefined : dialog;
  const name = about?.user.username ?? '';

  return (
    <>
      <UsersView
        search={search}
        onSearch={set}
        users={users}
        self={self?.user_id}
        onCreate={() => setDialog('create')}
        onAction={(action, user) => setDialog({ action, user })}
      />
      {dialog === 'create' && <CreateUser onClose={close} />}
      {about?.action === 'password' && <SetPassword user={about.user} onClose={close} />}
      {about?.action === 'administrator' && (
        <ConfirmDialog
          title={about.user.sysadmin_flag ? t('users.revoke') : t('users.grant')}
          text={about.user.sysadmin_flag ? t('users.revokeConfirm', { name }) : t('users.grantConfirm', { name })}
          action={about.user.sysadmin_flag ? t('users.revokeAction') : t('users.grantAction')}
          onConfirm={async () => {
            await setAdministrator.mutateAsync({ id: about.user.user_id, on: !about.user.sysadmin_flag });
            notify.done(t('users.administratorSaved', { name }));
          }}
          onClose={close}
        />
      )}
      {about?.action === 'delete' && (
        <ConfirmDialog
          title={t('users.delete')}
          text={t('users.deleteConfirm', { name })}
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync(about.user.user_id);
            notify.done(t('users.deleted', { name }));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
