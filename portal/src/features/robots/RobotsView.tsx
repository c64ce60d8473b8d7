import { Button, Stack, Switch, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Robot } from '@/api/types';
import { loginCommand } from '@/lib/pull-command';
import type { Search } from '@/lib/search';
import { CommandLine } from '@/ui/CommandLine';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { AddIcon, DeleteIcon, EditIcon, RetryIcon, RobotIcon, SearchIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { TimeAgo } from '@/ui/TimeAgo';
import { pageSize, type Catalogue } from './api';
import { ExpiryMark } from './ExpiryMark';
import { PermissionWords } from './PermissionWords';
import classes from './Robots.module.css';

export type RobotAction = 'edit' | 'rotate' | 'delete';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  robots: { data: Page<Robot> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  catalogue: Catalogue | undefined;
  /** the project whose robots these are; none: the system's */
  project?: string | undefined;
  owner?: string | undefined;
  host: string;
  now: Date;
  mayCreate: boolean;
  mayChange: boolean;
  mayDelete: boolean;
  onCreate: () => void;
  onAction: (action: RobotAction, robot: Robot) => void;
  onDisable: (robot: Robot, disable: boolean) => void;
}

export function RobotsView(props: Props) {
  const { search, onSearch, robots, catalogue, project, owner, host, now, mayCreate, mayChange, mayDelete, onCreate, onAction, onDisable } = props;
  const { t } = useTranslation();
  const columns: Column<Robot>[] = [
    {
      id: 'name',
      header: t('robots.name'),
      sort: 'name',
      grow: true,
      cell: (robot) => (
        <Stack gap={0} align="flex-start">
          {mayChange ? (
            <UnstyledButton className={`mono ${classes.name}`} onClick={() => onAction('edit', robot)}>
              {robot.name}
            </UnstyledButton>
          ) : (
            <span className={`mono ${classes.name}`}>{robot.name}</span>
          )}
          {robot.description && (
            <Text span size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {robot.description}
            </Text>
          )}
        </Stack>
      ),
    },
    {
      id: 'can',
      header: t('robots.permissions'),
      above: 'md',
      cell: (robot) => <PermissionWords grants={robot.permissions} catalogue={catalogue} here={project !== undefined} />,
    },
    { id: 'expires', header: t('robots.expires'), above: 'sm', cell: (robot) => <ExpiryMark expiresAt={robot.expires_at} now={now} /> },
    { id: 'used', header: t('robots.lastUsed'), above: 'md', cell: (robot) => <TimeAgo time={robot.last_used_time} /> },
    {
      id: 'state',
      header: t('robots.state'),
      cell: (robot) =>
        mayChange ? (
          <Switch
            size="sm"
            checked={!robot.disable}
            aria-label={t('robots.enabledOf', { name: robot.name })}
            onChange={(event) => onDisable(robot, !event.currentTarget.checked)}
          />
        ) : (
          <Text span size="sm" {...(robot.disable ? { c: 'dimmed' } : {})}>
            {robot.disable ? t('robots.disabled') : t('robots.enabled')}
          </Text>
        ),
    },
  ];
  if (mayChange || mayDelete) {
    columns.push({
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (robot) => (
        <RowMenu label={t('common.actionsFor', { name: robot.name })}>
          {mayChange && (
            <>
              <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onAction('edit', robot)}>
                {t('robots.edit')}
              </Menu.Item>
              <Menu.Item leftSection={<RetryIcon size={16} />} onClick={() => onAction('rotate', robot)}>
                {t('robots.rotate')}
              </Menu.Item>
            </>
          )}
          {mayDelete && (
            <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onAction('delete', robot)}>
              {t('robots.delete')}
            </Menu.Item>
          )}
        </RowMenu>
      ),
    });
  }
  const create = mayCreate && (
    <Button leftSection={<AddIcon size={16} />} onClick={onCreate}>
      {t('robots.create')}
    </Button>
  );
  return (
    <Panel flush>
      <FilterBar>
        <SearchInput label={t('robots.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
        {create && <span className={classes.end}>{create}</span>}
      </FilterBar>
      <DataTable
        label={t('robots.title')}
        columns={columns}
        rows={robots.data?.items}
        rowKey={(robot) => robot.id}
        error={robots.error}
        onRetry={() => void robots.refetch()}
        denied={{ needs: project === undefined ? t('role.systemAdministrator') : t('role.guest'), owner }}
        stale={robots.isPlaceholderData}
        sort={search.sort}
        onSort={(sort) => onSearch({ sort })}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={robots.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          search.q ? (
            <EmptyState icon={SearchIcon} title={t('robots.noMatch')} text={t('robots.noMatchText')}>
              <Button variant="light" onClick={() => onSearch({ q: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={RobotIcon} title={t('robots.none')} text={mayCreate ? t('robots.noneText') : t('robots.noneReadOnly')}>
              {mayCreate && <CommandLine lines={[loginCommand('docker', host, `robot$${project === undefined ? '' : `${project}+`}ci`)]} label={t('guide.copyLogin')} />}
              {create}
            </EmptyState>
          )
        }
      />
    </Panel>
  );
}
