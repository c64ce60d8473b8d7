import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { emptyAccount, isComplete, trimmed } from '@/lib/account';
import { AccountFields } from '@/ui/AccountFields';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { useUserChanges } from './api';

export function CreateUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { create } = useUserChanges();
  const [account, setAccount] = useState(emptyAccount);
  return (
    <FormDialog
      title={t('users.create')}
      submit={t('common.create')}
      ready={isComplete(account)}
      onSubmit={async () => {
        await create.mutateAsync(trimmed(account));
        notify.done(t('users.created', { name: account.username.trim() }));
      }}
      onClose={onClose}
    >
      <AccountFields account={account} onChange={setAccount} />
    </FormDialog>
  );
}
