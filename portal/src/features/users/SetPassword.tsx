import { PasswordInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { isAcceptablePassword } from '@/lib/password';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { useUserChanges } from './api';

export function SetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const { setPassword } = useUserChanges();
  const [password, setText] = useState('');
  return (
    <FormDialog
      title={t('users.setPassword')}
      submit={t('common.save')}
      ready={isAcceptablePassword(password)}
      onSubmit={async () => {
        await setPassword.mutateAsync({ id: user.user_id, password });
        notify.done(t('users.passwordSaved', { name: user.username }));
      }}
      onClose={onClose}
    >
      <Text size="sm">{t('users.setPasswordText', { name: user.username })}</Text>
      <PasswordInput
        data-autofocus
        label={t('profile.newPassword')}
        description={t('users.passwordRule')}
        error={password !== '' && !isAcceptablePassword(password) && t('users.passwordBad')}
        value={password}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={128}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
      />
    </FormDialog>
  );
}
