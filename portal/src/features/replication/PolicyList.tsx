import { Badge, Button, Group, Skeleton, Stack, Switch, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { ReplicationPolicy } from '@/api/types';
import type { Search } from '@/lib/search';
import { ButtonLink } from '@/ui/ButtonLink';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { FilterBar } from '@/ui/FilterBar';
import { AddIcon, DeleteIcon, EditIcon, RecentIcon, ReplicationIcon, RunIcon, SearchIcon, WarningIcon } from '@/ui/icons';
import { JobStatus } from '@/ui/JobStatus';
import { Menu } from '@/ui/Menu';
import { Pager } from '@/ui/Pager';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Answer } from './answer';
import { policiesSize, stateOf } from './api';
import { draftOf, farOf } from './policy';
import { PolicySentence } from './PolicySentence';
import classes from './Replication.module.css';

export interface PolicyActions {
  onCreate: () => void;
  onEdit: (policy: ReplicationPolicy) => void;
  onDelete: (policy: ReplicationPolicy) => void;
  onEnable: (policy: ReplicationPolicy, enabled: boolean) => void;
  onRun: (policy: ReplicationPolicy) => void;
  onRuns: (policy: ReplicationPolicy) => void;
  onOpen: (run: number) => void;
}

interface Props extends PolicyActions {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  policies: Answer<Page<ReplicationPolicy>>;
  /** whether there is a registry to copy to or from; undefined while it is not known */
  hasRegistries: boolean | undefined;
}

/** What is kept the same in two registries: a sentence a policy, when it runs next, and how it went. */
export function PolicyList({ search, onSearch, policies, hasRegistries, onCreate, ...actions }: Props) {
  const { t } = useTranslation();
  const all = policies.data?.items;
  const filtered = search.q !== undefined;
  return (
    <Panel
      title={t('replication.policies')}
      flush
      actions={
        all !== undefined &&
        (all.length > 0 || filtered) && (
          <Button leftSection={<AddIcon size={16} />} onClick={onCreate}>
            {t('replication.create')}
          </Button>
        )
      }
    >
      {((policies.data?.total ?? 0) > 5 || filtered) && (
        <FilterBar>
          <SearchInput label={t('replication.search')} value={search.q ?? ''} onChange={(q) => onSearch({ q: q || undefined }, { replace: true })} />
        </FilterBar>
      )}
      {all === undefined && policies.error !== null && policies.error !== undefined && (
        <ErrorState error={policies.error} onRetry={() => void policies.refetch()} needs={t('role.systemAdministrator')} />
      )}
      {all === undefined && !policies.error && (
        <Stack p={20} gap="md" aria-busy>
          <Skeleton height={16} width="70%" />
          <Skeleton height={16} width="58%" />
          <Skeleton height={16} width="64%" />
        </Stack>
      )}
      {all?.length === 0 &&
        (filtered ? (
          <EmptyState icon={SearchIcon} title={t('replication.noMatch')} text={t('replication.noMatchText')}>
            <Button variant="light" onClick={() => onSearch({ q: undefined })}>
              {t('common.clearFilters')}
            </Button>
          </EmptyState>
        ) : hasRegistries === false ? (
          <EmptyState icon={ReplicationIcon} title={t('replication.noRegistries')} text={t('replication.noRegistriesText')}>
            <ButtonLink to="/registries">{t('replication.toRegistries')}</ButtonLink>
          </EmptyState>
        ) : (
          <EmptyState icon={ReplicationIcon} title={t('replication.none')} text={t('replication.noneText')}>
            <Button leftSection={<AddIcon size={16} />} onClick={onCreate}>
              {t('replication.create')}
            </Button>
          </EmptyState>
        ))}
      {all && all.length > 0 && (
        <>
          <ul className={classes.policies} aria-label={t('replication.policies')}>
            {all.map((policy) => (
              <Policy key={policy.id} policy={policy} {...actions} />
            ))}
          </ul>
          <Pager page={search.page ?? 1} pageSize={policiesSize} total={policies.data?.total ?? 0} onPage={(page) => onSearch({ page })} />
        </>
      )}
    </Panel>
  );
}

function Policy({ policy, onEdit, onDelete, onEnable, onRun, onRuns, onOpen }: { policy: ReplicationPolicy } & Omit<PolicyActions, 'onCreate'>) {
  const { t } = useTranslation();
  const last = policy.last_execution;
  const far = farOf(policy);
  const editable = draftOf(policy) !== undefined;
  return (
    <li className={classes.policy} data-off={!policy.enabled || undefined}>
      <Switch size="sm" checked={policy.enabled} aria-label={t('replication.enabledOf', { name: policy.name })} onChange={(event) => onEnable(policy, event.currentTarget.checked)} />
      <div className={classes.words}>
        <Group gap="xs">
          <Text span fw={600} size="sm">
            {policy.name}
          </Text>
          {!policy.enabled && <Badge color="gray">{t('replication.disabled')}</Badge>}
          {far?.status === 'unhealthy' && (
            <Badge color="red" leftSection={<WarningIcon size={12} />}>
              {t('replication.unreachable', { name: far.name })}
            </Badge>
          )}
        </Group>
        <PolicySentence policy={policy} />
        <Group gap="md" className={classes.facts}>
          {last && (
            <UnstyledButton className={classes.last} aria-haspopup="dialog" onClick={() => onOpen(last.id)}>
              <VisuallyHidden>{t('replication.lastOf', { name: policy.name })}</VisuallyHidden>
              <JobStatus status={stateOf(last.status)} stopping={last.stopping} />
              <Text span size="xs" c="dimmed">
                <TimeAgo time={last.start_time} />
              </Text>
            </UnstyledButton>
          )}
          {policy.next_scheduled_time && (
            <Text span size="xs" c="dimmed">
              {t('replication.next')} <TimeAgo time={policy.next_scheduled_time} />
            </Text>
          )}
          {policy.skipped && (
            <Text span size="xs" c="dimmed">
              {t('replication.skipped', { why: policy.skipped })}
            </Text>
          )}
        </Group>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-sm" variant="light" leftSection={<RunIcon size={14} />} disabled={!policy.enabled} onClick={() => onRun(policy)} aria-label={t('replication.runOf', { name: policy.name })}>
          {t('replication.run')}
        </Button>
        <RowMenu label={t('common.actionsFor', { name: policy.name })}>
          <Menu.Item leftSection={<EditIcon size={16} />} disabled={!editable} onClick={() => onEdit(policy)}>
            {editable ? t('replication.edit') : t('replication.onlyByApi')}
          </Menu.Item>
          <Menu.Item leftSection={<RecentIcon size={16} />} onClick={() => onRuns(policy)}>
            {t('replication.runsOf')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onDelete(policy)}>
            {t('replication.delete')}
          </Menu.Item>
        </RowMenu>
      </Group>
    </li>
  );
}
