import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Member } from '@/api/types';
import { FormDialog } from '@/ui/FormDialog';
import { DeleteIcon, EditIcon } from '@/ui/icons';
import { notify } from '@/ui/notify';
import { SelectionBar } from '@/ui/SelectionBar';
import type { Selection } from '@/ui/useSelection';
import { useMemberChanges } from './api';
import { forEach, type Failure } from './bulk';
import { RoleSelect } from './RoleSelect';

interface Props {
  project: string;
  selection: Selection<Member>;
  self: string | undefined;
  mayChange: boolean;
  mayRemove: boolean;
}

const guest = 3;

/** What is done with several members at once; those that the server refuses stay selected, with its reasons. */
export function SelectedMembers({ project, selection, self, mayChange, mayRemove }: Props) {
  const { t } = useTranslation();
  const { setRole, remove } = useMemberChanges(project);
  const [dialog, setDialog] = useState<'role' | 'remove'>();
  const [role, chooseRole] = useState(guest);
  const { items } = selection;
  const names = items.map((member) => member.entity_name).join(', ');
  const close = () => setDialog(undefined);

  function tell(failures: Failure<Member>[], done: string) {
    const total = items.length;
    selection.choose(failures.map(({ item }) => item));
    if (failures.length < total) notify.done(done);
    if (failures.length > 0) {
      const reasons = failures.map(({ item, reason }) => `${item.entity_name}: ${reason}`).join(' · ');
      throw new Error(t('members.bulkFailed', { count: failures.length, total, reasons }));
    }
  }
  return (
    <>
      <SelectionBar count={items.length} onClear={selection.clear}>
        {mayChange && (
          <Button size="compact-sm" variant="light" leftSection={<EditIcon size={14} />} onClick={() => setDialog('role')}>
            {t('members.bulkRole')}
          </Button>
        )}
        {mayRemove && (
          <Button size="compact-sm" variant="light" color="red" leftSection={<DeleteIcon size={14} />} onClick={() => setDialog('remove')}>
            {t('members.bulkRemove')}
          </Button>
        )}
      </SelectionBar>
      {dialog === 'role' && (
        <FormDialog
          title={t('members.bulkRole')}
          submit={t('common.save')}
          ready={items.length > 0}
          onSubmit={async () => {
            const count = items.length;
            const failures = await forEach(items, (member) => setRole.mutateAsync({ id: member.id, role }));
            tell(failures, t('members.bulkDone', { count: count - failures.length }));
          }}
          onClose={close}
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('members.bulkRoleOf', { names })}
          </Text>
          <RoleSelect labelled label={t('projects.role')} role={role} onChange={chooseRole} />
        </FormDialog>
      )}
      {dialog === 'remove' && (
        <FormDialog
          title={t('members.bulkRemove')}
          submit={t('members.removeAction')}
          danger
          ready={items.length > 0}
          onSubmit={async () => {
            const count = items.length;
            const failures = await forEach(items, (member) => remove.mutateAsync(member.id));
            tell(failures, t('members.bulkRemoved', { count: count - failures.length }));
          }}
          onClose={close}
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('members.bulkRemoveConfirm', { count: items.length, names, project })}
          </Text>
          {items.some((member) => member.entity_name === self) && (
            <Text size="sm" fw={600}>
              {t('members.bulkRemoveSelf')}
            </Text>
          )}
        </FormDialog>
      )}
    </>
  );
}
