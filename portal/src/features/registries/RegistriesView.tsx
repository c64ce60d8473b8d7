import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Registry } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { AddIcon, ConnectIcon, DeleteIcon, EditIcon, FailureIcon, RegistriesIcon, SearchIcon, SuccessIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { TimeAgo } from '@/ui/TimeAgo';
import { pageSize } from './api';
import { useKindWords } from './useKindWords';

export type RegistryAction = 'edit' | 'delete' | 'test';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  registries: { data: Page<Registry> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  onAdd: () => void;
  onAction: (action: RegistryAction, registry: Registry) => void;
}

/** The other registries, and whether they can be reached and since when. */
export function RegistriesView({ search, onSearch, registries, onAdd, onAction }: Props) {
  const { t } = useTranslation();
  const words = useKindWords();
  const columns: Column<Registry>[] = [
    {
      id: 'name',
      header: t('registries.name'),
      sort: 'name',
      cell: (registry) => (
        <Stack gap={0}>
          <Text span fw={600} style={{ overflowWrap: 'anywhere' }}>
            {registry.name}
          </Text>
          {registry.description && (
            <Text span size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {registry.description}
            </Text>
          )}
        </Stack>
      ),
    },
    { id: 'status', header: t('registries.status'), sort: 'status', grow: true, cell: (registry) => <Health registry={registry} /> },
    { id: 'type', header: t('registries.kind'), sort: 'type', above: 'md', cell: (registry) => words.name(registry.type) },
    {
      id: 'url',
      header: t('registries.url'),
      sort: 'url',
      above: 'sm',
      cell: (registry) => (
        <Text span size="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {registry.url}
        </Text>
      ),
    },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (registry) => (
        <RowMenu label={t('common.actionsFor', { name: registry.name })}>
          <Menu.Item leftSection={<ConnectIcon size={16} />} onClick={() => onAction('test', registry)}>
            {t('registries.test')}
          </Menu.Item>
          <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onAction('edit', registry)}>
            {t('registries.edit')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onAction('delete', registry)}>
            {t('registries.delete')}
          </Menu.Item>
        </RowMenu>
      ),
    },
  ];
  const filtered = Boolean(search.q || search.show);
  return (
    <>
      <PageHeader title={t('nav.registries')} text={t('registries.text')} />
      <Panel flush>
        <FilterBar>
          <SearchInput label={t('registries.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
          <NativeSelect
            aria-label={t('registries.status')}
            value={search.show ?? ''}
            onChange={(event) => onSearch({ show: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: t('registries.all') },
              { value: 'healthy', label: t('registries.healthy') },
              { value: 'unhealthy', label: t('registries.unhealthy') },
            ]}
          />
          <Button ml={{ sm: 'auto' }} leftSection={<AddIcon size={16} />} onClick={onAdd}>
            {t('registries.add')}
          </Button>
        </FilterBar>
        <DataTable
          label={t('nav.registries')}
          columns={columns}
          rows={registries.data?.items}
          rowKey={(registry) => registry.id}
          error={registries.error}
          onRetry={() => void registries.refetch()}
          stale={registries.isPlaceholderData}
          sort={search.sort ?? 'name'}
          onSort={(sort) => onSearch({ sort })}
          page={search.page ?? 1}
          pageSize={pageSize}
          total={registries.data?.total ?? 0}
          onPage={(page) => onSearch({ page })}
          empty={
            filtered ? (
              <EmptyState icon={SearchIcon} title={t('registries.noMatch')} text={t('registries.noMatchText')}>
                <Button variant="light" onClick={() => onSearch({ q: undefined, show: undefined })}>
                  {t('common.clearFilters')}
                </Button>
              </EmptyState>
            ) : (
              <EmptyState icon={RegistriesIcon} title={t('registries.none')} text={t('registries.noneText')}>
                <Button onClick={onAdd}>{t('registries.add')}</Button>
              </EmptyState>
            )
          }
        />
      </Panel>
    </>
  );
}

/** Reachable or why not, and since when. */
function Health({ registry }: { registry: Registry }) {
  const { t } = useTranslation();
  const isWell = registry.status === 'healthy';
  return (
    <Stack gap={2}>
      <Group gap={6}>
        <Group gap={6} wrap="nowrap" style={{ whiteSpace: 'nowrap' }}>
          {isWell ? <SuccessIcon size={16} color="var(--mantine-color-green-light-color)" aria-hidden /> : <FailureIcon size={16} color="var(--mantine-color-error)" aria-hidden />}
          <Text span size="sm" {...(isWell ? {} : { c: 'var(--mantine-color-error)' })}>
            {t(isWell ? 'registries.healthy' : 'registries.unhealthy')}
          </Text>
        </Group>
        <Text span size="xs" c="dimmed">
          <TimeAgo time={isWell ? (registry.status_check_time ?? registry.status_since) : registry.status_since} />
        </Text>
      </Group>
      {registry.status_reason && (
        <Text span size="xs" style={{ overflowWrap: 'anywhere' }}>
          {registry.status_reason}
        </Text>
      )}
    </Stack>
  );
}
