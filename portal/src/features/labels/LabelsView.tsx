import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Label } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { AddIcon, DeleteIcon, EditIcon, LabelIcon, SearchIcon } from '@/ui/icons';
import { LabelMark } from '@/ui/LabelMark';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { TimeAgo } from '@/ui/TimeAgo';
import { pageSize } from './api';

export type LabelAction = 'edit' | 'delete';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  labels: { data: Page<Label> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  owner?: string | undefined;
  mayCreate: boolean;
  mayChange: boolean;
  mayDelete: boolean;
  onCreate: () => void;
  onAction: (action: LabelAction, label: Label) => void;
}

export function LabelsView({ search, onSearch, labels, owner, mayCreate, mayChange, mayDelete, onCreate, onAction }: Props) {
  const { t } = useTranslation();
  const columns: Column<Label>[] = [
    { id: 'name', header: t('labels.name'), sort: 'name', cell: (label) => <LabelMark name={label.name} color={label.color} /> },
    {
      id: 'description',
      header: t('labels.description'),
      grow: true,
      above: 'sm',
      cell: (label) => (
        <Text span size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {label.description || '–'}
        </Text>
      ),
    },
    { id: 'updated', header: t('common.updated'), sort: 'update_time', above: 'sm', align: 'right', cell: (label) => <TimeAgo time={label.update_time} /> },
  ];
  if (mayChange || mayDelete) {
    columns.push({
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (label) => (
        <RowMenu label={t('common.actionsFor', { name: label.name })}>
          {mayChange && (
            <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onAction('edit', label)}>
              {t('labels.edit')}
            </Menu.Item>
          )}
          {mayDelete && (
            <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onAction('delete', label)}>
              {t('labels.delete')}
            </Menu.Item>
          )}
        </RowMenu>
      ),
    });
  }
  return (
    <Panel flush>
      <FilterBar>
        <SearchInput label={t('labels.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
        {mayCreate && (
          <Button ml={{ sm: 'auto' }} leftSection={<AddIcon size={16} />} onClick={onCreate}>
            {t('labels.create')}
          </Button>
        )}
      </FilterBar>
      <DataTable
        label={t('nav.labels')}
        columns={columns}
        rows={labels.data?.items}
        rowKey={(label) => label.id}
        error={labels.error}
        onRetry={() => void labels.refetch()}
        denied={{ needs: t('role.guest'), owner }}
        stale={labels.isPlaceholderData}
        sort={search.sort ?? 'name'}
        onSort={(sort) => onSearch({ sort })}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={labels.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          search.q ? (
            <EmptyState icon={SearchIcon} title={t('labels.noMatch')} text={t('labels.noMatchText')}>
              <Button variant="light" onClick={() => onSearch({ q: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={LabelIcon} title={t('labels.none')} text={t(mayCreate ? 'labels.noneText' : 'labels.noneReadOnly')}>
              {mayCreate && <Button onClick={onCreate}>{t('labels.create')}</Button>}
            </EmptyState>
          )
        }
      />
    </Panel>
  );
}
