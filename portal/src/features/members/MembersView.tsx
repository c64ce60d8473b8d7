import { Box, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Member } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { AddUserIcon, DeleteIcon, GroupIcon, UserIcon, UsersIcon } from '@/ui/icons';
import { RoleMark } from '@/ui/Marks';
import { Menu } from '@/ui/Menu';
import { NobodyMatches } from '@/ui/NobodyMatches';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/PersonName';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import type { Selection } from '@/ui/useSelection';
import { pageSize } from './api';
import { RoleMatrix } from './RoleMatrix';
import { RoleSelect } from './RoleSelect';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  members: { data: Page<Member> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  owner: string | undefined;
  self: string | undefined;
  selection?: Selection<Member>;
  mayAdd: boolean;
  mayChange: boolean;
  mayRemove: boolean;
  onAdd: () => void;
  onRole: (member: Member, role: number) => void;
  onRemove: (member: Member) => void;
}

export function MembersView(props: Props) {
  const { search, onSearch, members, owner, self, selection, mayAdd, mayChange, mayRemove, onAdd, onRole, onRemove } = props;
  const { t } = useTranslation();
  const columns: Column<Member>[] = [
    {
      id: 'name',
      header: t('members.name'),
      grow: true,
      cell: (member) => (
        <PersonName
          name={member.entity_name}
          self={member.entity_name === self}
          icon={
            <Box component="span" visibleFrom="sm" lh={0} c="dimmed">
              {member.entity_type === 'g' ? <GroupIcon size={18} stroke={1.6} /> : <UserIcon size={18} stroke={1.6} />}
            </Box>
          }
        />
      ),
    },
    {
      id: 'source',
      header: t('members.source'),
      above: 'sm',
      cell: (member) => (member.entity_type === 'g' ? t('members.group') : t('members.user')),
    },
    {
      id: 'role',
      header: t('projects.role'),
      cell: (member) =>
        mayChange ? (
          <RoleSelect
            label={t('members.roleOf', { name: member.entity_name })}
            role={member.role_id}
            onChange={(role) => onRole(member, role)}
          />
        ) : (
          <RoleMark role={member.role_id} />
        ),
    },
  ];
  if (selection && (mayChange || mayRemove)) columns.unshift(selection.column(members.data?.items, (member) => member.entity_name));
  if (mayRemove) {
    columns.push({
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (member) => (
        <RowMenu label={t('common.actionsFor', { name: member.entity_name })}>
          <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onRemove(member)}>
            {t('members.remove')}
          </Menu.Item>
        </RowMenu>
      ),
    });
  }
  return (
    <Panel flush>
      <FilterBar>
        <SearchInput label={t('members.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
        <RoleMatrix />
        {mayAdd && (
          <Button ml={{ sm: 'auto' }} leftSection={<AddUserIcon size={16} />} onClick={onAdd}>
            {t('members.add')}
          </Button>
        )}
      </FilterBar>
      <DataTable
        label={t('projects.tabs.members')}
        columns={columns}
        rows={members.data?.items}
        rowKey={(member) => member.id}
        error={members.error}
        onRetry={() => void members.refetch()}
        denied={{ needs: t('role.guest'), owner }}
        stale={members.isPlaceholderData}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={members.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          search.q ? (
            <NobodyMatches onClear={() => onSearch({ q: undefined })} />
          ) : (
            <EmptyState icon={UsersIcon} title={t('members.none')} text={t('members.noneText')}>
              {mayAdd && <Button onClick={onAdd}>{t('members.add')}</Button>}
            </EmptyState>
          )
        }
      />
    </Panel>
  );
}
