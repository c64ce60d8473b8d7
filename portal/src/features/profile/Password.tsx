import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isAcceptablePassword } from '@/lib/password';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { Refusal } from '@/ui/Refusal';
import { useProfileChanges } from './api';

export function Password({ userId }: { userId: number }) {
  const { t } = useTranslation();
  const { changePassword } = useProfileChanges(userId);
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const badNext = next !== '' && !isAcceptablePassword(next);
  const differs = again !== '' && again !== next;
  const ready = old !== '' && isAcceptablePassword(next) && again === next;
  const toggle = { 'aria-label': t('session.showPassword') };

  function save(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    changePassword.mutate(
      { old_password: old, new_password: next },
      {
        onSuccess: () => {
          setOld('');
          setNext('');
          setAgain('');
          notify.done(t('profile.passwordSaved'));
        },
      },
    );
  }
  return (
    <Panel title={t('profile.password')}>
      <form onSubmit={save} noValidate>
        <Stack gap="md">
          <PasswordInput label={t('profile.oldPassword')} value={old} onChange={(event) => setOld(event.currentTarget.value)} autoComplete="current-password" maxLength={255} visibilityToggleButtonProps={toggle} />
          <PasswordInput
            label={t('profile.newPassword')}
            description={t('users.passwordRule')}
            error={badNext && t('users.passwordBad')}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            autoComplete="new-password"
            maxLength={128}
            visibilityToggleButtonProps={toggle}
          />
          <PasswordInput
            label={t('profile.again')}
            error={differs && t('profile.differs')}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            autoComplete="new-password"
            maxLength={128}
            visibilityToggleButtonProps={toggle}
          />
          {changePassword.error && <Refusal error={changePassword.error} />}
          <Group>
            <Button type="submit" disabled={!ready} loading={changePassword.isPending}>
              {t('profile.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
