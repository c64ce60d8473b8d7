import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '@/api/keys';
import type { User } from '@/api/types';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { Refusal } from '@/ui/Refusal';
import { useProfileChanges } from './api';

export function Identity({ user }: { user: User }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { update } = useProfileChanges(user.user_id);
  const [realname, setRealname] = useState(user.realname ?? '');
  const [email, setEmail] = useState(user.email ?? '');
  const changed = realname !== (user.realname ?? '') || email !== (user.email ?? '');

  function save(event: FormEvent) {
    event.preventDefault();
    if (!changed) return;
    const profile = { realname: realname.trim(), email: email.trim(), comment: user.comment ?? '', edition: user.update_time };
    update.mutate(profile, { onSuccess: () => notify.done(t('profile.saved')) });
  }
  return (
    <Panel title={t('profile.identity')}>
      <form onSubmit={save} noValidate>
        <Stack gap="md">
          <TextInput label={t('users.realname')} value={realname} onChange={(event) => setRealname(event.currentTarget.value)} autoComplete="name" maxLength={255} />
          <TextInput label={t('users.email')} type="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} autoComplete="email" maxLength={255} />
          {update.error && <Refusal error={update.error} onReload={() => void queryClient.invalidateQueries({ queryKey: keys.currentUser })} />}
          <Group>
            <Button type="submit" disabled={!changed} loading={update.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
