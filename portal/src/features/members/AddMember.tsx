import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '@/ui/FormDialog';
import { notify } from '@/ui/notify';
import { userSearchQuery, useMemberChanges } from './api';
import { RoleSelect } from './RoleSelect';

const developer = 2;

export function AddMember({ project, onClose }: { project: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { add } = useMemberChanges(project);
  const [username, setUsername] = useState('');
  const [role, setRole] = useState<number>(developer);
  const [asked] = useDebouncedValue(username.trim(), 200);
  const found = useQuery(userSearchQuery(asked)).data?.items ?? [];
  const name = username.trim();
  return (
    <FormDialog
      title={t('members.add')}
      submit={t('common.add')}
      ready={name !== ''}
      onSubmit={async () => {
        await add.mutateAsync({ username: name, role });
        notify.done(t('members.added', { name }));
      }}
      onClose={onClose}
    >
      <Autocomplete
        data-autofocus
        label={t('members.username')}
        description={t('members.usernameText')}
        data={found.map((user) => user.username)}
        // The server has already matched; it may match by more than the name.
        filter={({ options }) => options}
        value={username}
        onChange={setUsername}
        maxLength={255}
        spellCheck={false}
      />
      <RoleSelect labelled label={t('projects.role')} role={role} onChange={setRole} />
    </FormDialog>
  );
}
