import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser, usePermissions } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import type { Member } from '@/api/types';
import { roleName } from '@/lib/roles';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { useSelection } from '@/ui/useSelection';
import { AddMember } from './AddMember';
import { membersQuery, useMemberChanges } from './api';
import { MembersView } from './MembersView';
import { SelectedMembers } from './SelectedMembers';

export function MembersPage() {
  const { t } = useTranslation();
  const { project = '' } = useParams({ strict: false });
  const { search, set } = useListState();
  const members = useQuery(membersQuery(project, search));
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const permissions = usePermissions(project);
  const { user } = useCurrentUser();
  const { setRole, remove } = useMemberChanges(project);
  const selection = useSelection<Member>((member) => member.id);
  const [adding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<Member>();

  function changeRole(member: Member, role: number) {
    const name = roleName(role);
    setRole.mutate(
      { id: member.id, role },
      {
        onSuccess: () => name && notify.done(t('members.roleSaved', { name: member.entity_name, role: t(`role.${name}`) })),
        onError: (error) => notify.failed(t('members.roleFailed', { name: member.entity_name }), error),
      },
    );
  }
  return (
    <>
      <MembersView
        search={search}
        onSearch={set}
        members={members}
        owner={owner}
        self={user?.username}
        selection={selection}
        mayAdd={permissions.may('create', 'member')}
        mayChange={permissions.may('update', 'member')}
        mayRemove={permissions.may('delete', 'member')}
        onAdd={() => setAdding(true)}
        onRole={changeRole}
        onRemove={setDoomed}
      />
      <SelectedMembers project={project} selection={selection} self={user?.username} mayChange={permissions.may('update', 'member')} mayRemove={permissions.may('delete', 'member')} />
      {adding && <AddMember project={project} onClose={() => setAdding(false)} />}
      {doomed && (
        <ConfirmDialog
          title={t('members.remove')}
          text={t(doomed.entity_name === user?.username ? 'members.removeSelf' : 'members.removeConfirm', { name: doomed.entity_name, project })}
          action={t('members.removeAction')}
          onConfirm={async () => {
            await remove.mutateAsync(doomed.id);
            notify.done(t('members.removed', { name: doomed.entity_name }));
          }}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </>
  );
}
