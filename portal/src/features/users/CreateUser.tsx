import { PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAcceptablePassword } from '@/lib/password';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { useUserChanges } from './api';

const plausibleEmail = /^[^\s@]+@[^\s@]+$/;

export function CreateUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { create } = useUserChanges();
  const [user, setUser] = useState({ username: '', email: '', realname: '', password: '' });
  const set = (field: keyof typeof user) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setUser((previous) => ({ ...previous, [field]: value }));
  };
  const badEmail = user.email !== '' && !plausibleEmail.test(user.email);
  const badPassword = user.password !== '' && !isAcceptablePassword(user.password);
  const ready =
    user.username.trim() !== '' && plausibleEmail.test(user.email) && user.realname.trim() !== '' && isAcceptablePassword(user.password);
  return (
    <FormDialog
      title={t('users.create')}
      submit={t('common.create')}
      ready={ready}
      onSubmit={async () => {
        await create.mutateAsync({ ...user, username: user.username.trim(), realname: user.realname.trim() });
        notify.done(t('users.created', { name: user.username.trim() }));
      }}
      onClose={onClose}
    >
      <TextInput data-autofocus required label={t('users.username')} value={user.username} onChange={set('username')} maxLength={255} autoComplete="off" spellCheck={false} />
      <TextInput required type="email" label={t('users.email')} value={user.email} onChange={set('email')} error={badEmail && t('users.emailBad')} maxLength={255} autoComplete="off" />
      <TextInput required label={t('users.realname')} value={user.realname} onChange={set('realname')} maxLength={255} autoComplete="off" />
      <PasswordInput
        required
        label={t('users.password')}
        description={t('users.passwordRule')}
        error={badPassword && t('users.passwordBad')}
        value={user.password}
        onChange={set('password')}
        maxLength={128}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
      />
    </FormDialog>
  );
}
