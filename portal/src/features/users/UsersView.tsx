import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { User } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { AddUserIcon, AdminIcon, DeleteIcon, PasswordIcon, UsersIcon } from '@/ui/icons';
import { AdminMark } from '@/ui/Marks';
import { NobodyMatches } from '@/ui/NobodyMatches';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { PersonName } from '@/ui/PersonName';
import { Menu } from '@/ui/Menu';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { TimeAgo } from '@/ui/TimeAgo';
import { pageSize } from './api';

export type UserAction = 'administrator' | 'password' | 'delete';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  users: { data: Page<User> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  self: number | undefined;
  onCreate: () => void;
  onAction: (action: UserAction, user: User) => void;
}

export function UsersView({ search, onSearch, users, self, onCreate, onAction }: Props) {
  const { t } = useTranslation();
  const columns: Column<User>[] = [
    {
      id: 'name',
      header: t('users.username'),
      sort: 'username',
      grow: true,
      cell: (user) => (
        <PersonName name={user.username} self={user.user_id === self} text={user.realname} marks={user.sysadmin_flag && <AdminMark />} />
      ),
    },
    { id: 'email', header: t('users.email'), above: 'sm', cell: (user) => user.email || '–' },
    { id: 'created', header: t('common.created'), sort: 'creation_time', above: 'sm', align: 'right', cell: (user) => <TimeAgo time={user.creation_time} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (user) => <Actions user={user} isSelf={user.user_id === self} onAction={onAction} />,
    },
  ];
  return (
    <>
      <PageHeader
        title={t('nav.users')}
        text={t('users.text')}
        actions={
          <Button leftSection={<AddUserIcon size={16} />} onClick={onCreate}>
            {t('users.create')}
          </Button>
        }
      />
      <Panel flush>
        <FilterBar>
          <SearchInput label={t('users.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
        </FilterBar>
        <DataTable
          label={t('nav.users')}
          columns={columns}
          rows={users.data?.items}
          rowKey={(user) => user.user_id}
          error={users.error}
          onRetry={() => void users.refetch()}
          denied={{ needs: t('role.systemAdministrator') }}
          stale={users.isPlaceholderData}
          sort={search.sort ?? 'username'}
          onSort={(sort) => onSearch({ sort })}
          page={search.page ?? 1}
          pageSize={pageSize}
          total={users.data?.total ?? 0}
          onPage={(page) => onSearch({ page })}
          empty={
            search.q ? (
              <NobodyMatches onClear={() => onSearch({ q: undefined })} />
            ) : (
              <EmptyState icon={UsersIcon} title={t('users.none')} text={t('users.noneText')}>
                <Button onClick={onCreate}>{t('users.create')}</Button>
              </EmptyState>
            )
          }
        />
      </Panel>
    </>
  );
}

interface ActionsProps {
  user: User;
  /** nobody locks themselves out by a slip */
  isSelf: boolean;
  onAction: (action: UserAction, user: User) => void;
}

function Actions({ user, isSelf, onAction }: ActionsProps) {
  const { t } = useTranslation();
  return (
    <RowMenu label={t('common.actionsFor', { name: user.username })}>
      <Menu.Item leftSection={<AdminIcon size={16} />} disabled={isSelf} onClick={() => onAction('administrator', user)}>
        {user.sysadmin_flag ? t('users.revoke') : t('users.grant')}
      </Menu.Item>
      <Menu.Item leftSection={<PasswordIcon size={16} />} onClick={() => onAction('password', user)}>
        {t('users.setPassword')}
      </Menu.Item>
      <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} disabled={isSelf} onClick={() => onAction('delete', user)}>
        {t('users.delete')}
      </Menu.Item>
    </RowMenu>
  );
}
