import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Project } from '@/api/types';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { useFormat } from '@/ui/format';
import { AddIcon, PrivateIcon, ProjectsIcon, PublicIcon, SearchIcon } from '@/ui/icons';
import { RoleMark, VisibilityMark } from '@/ui/Marks';
import { Meter } from '@/ui/Meter';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { PinButton } from '@/ui/PinButton';
import { SearchInput } from '@/ui/SearchInput';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { ButtonLink } from '@/ui/ButtonLink';
import { pageSize } from './api';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  projects: { data: Page<Project> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  mayCreate: boolean;
  signedIn: boolean;
  /** undefined: nobody in particular, or not known yet */
  pins: readonly number[] | undefined;
  onPin: (id: number) => void;
  onCreate: () => void;
}

export function ProjectsView({ search, onSearch, projects, mayCreate, signedIn, pins, onPin, onCreate }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const filtered = search.q !== undefined || search.show !== undefined;
  const columns: Column<Project>[] = [
    {
      id: 'name',
      header: t('projects.name'),
      sort: 'name',
      grow: true,
      cell: (project) => (
        <ProjectName project={project}>
          {signedIn && <PinButton name={project.name} pinned={pins?.includes(project.project_id) ?? false} onToggle={() => onPin(project.project_id)} />}
        </ProjectName>
      ),
    },
    {
      id: 'visibility',
      header: t('projects.visibility'),
      above: 'sm',
      cell: (project) => <VisibilityMark isPublic={project.metadata?.public === 'true'} />,
    },
    { id: 'role', header: t('projects.role'), above: 'md', cell: (project) => <RoleMark role={project.current_user_role_id} /> },
    {
      id: 'repositories',
      header: t('projects.repositories'),
      align: 'right',
      cell: (project) => <span className="tabular">{format.number(project.repo_count ?? 0)}</span>,
    },
    {
      id: 'storage',
      header: t('projects.storage'),
      above: 'md',
      cell: (project) =>
        project.storage_used === undefined ? (
          <Text span inherit c="dimmed">
            –
          </Text>
        ) : (
          <Meter used={project.storage_used} limit={project.storage_limit ?? -1} label={`${t('projects.quota')}: ${project.name}`} />
        ),
    },
    { id: 'pushed', header: t('projects.lastPush'), above: 'sm', align: 'right', cell: (project) => <TimeAgo time={project.last_push_time} /> },
    { id: 'created', header: t('common.created'), sort: 'creation_time', above: 'lg', align: 'right', cell: (project) => <TimeAgo time={project.creation_time} /> },
  ];
  return (
    <>
      <PageHeader
        title={t('nav.projects')}
        text={t('projects.text')}
        actions={
          mayCreate && (
            <Button leftSection={<AddIcon size={16} />} onClick={onCreate}>
              {t('projects.create')}
            </Button>
          )
        }
      />
      <Panel flush>
        <FilterBar>
          <SearchInput label={t('projects.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
          {signedIn && (
            <SegmentedControl
              size="xs"
              aria-label={t('projects.show')}
              value={search.show ?? 'all'}
              onChange={(show) => onSearch({ show: show === 'all' ? undefined : show })}
              data={[
                { value: 'all', label: t('projects.all') },
                { value: 'mine', label: t('projects.mine') },
                { value: 'public', label: t('visibility.public') },
                { value: 'private', label: t('visibility.private') },
              ]}
            />
          )}
        </FilterBar>
        <DataTable
          label={t('nav.projects')}
          columns={columns}
          rows={projects.data?.items}
          rowKey={(project) => project.project_id}
          error={projects.error}
          onRetry={() => void projects.refetch()}
          stale={projects.isPlaceholderData}
          sort={search.sort ?? 'name'}
          onSort={(sort) => onSearch({ sort })}
          page={search.page ?? 1}
          pageSize={pageSize}
          total={projects.data?.total ?? 0}
          onPage={(page) => onSearch({ page })}
          empty={
            search.show === 'mine' && search.q === undefined ? (
              <EmptyState icon={ProjectsIcon} title={t('projects.noMine')} text={t('projects.noMineText')}>
                {mayCreate && <Button onClick={onCreate}>{t('projects.create')}</Button>}
              </EmptyState>
            ) : filtered ? (
              <EmptyState icon={SearchIcon} title={t('projects.noMatch')} text={t('projects.noMatchText')}>
                <Button variant="light" onClick={() => onSearch({ q: undefined, show: undefined })}>
                  {t('common.clearFilters')}
                </Button>
              </EmptyState>
            ) : (
              <EmptyState
                icon={ProjectsIcon}
                title={signedIn ? t('projects.none') : t('projects.nonePublic')}
                text={signedIn ? t('projects.noneText') : t('projects.nonePublicText')}
              >
                {mayCreate && <Button onClick={onCreate}>{t('projects.create')}</Button>}
                {!signedIn && (
                  <ButtonLink to="/sign-in">
                    {t('session.signIn')}
                  </ButtonLink>
                )}
              </EmptyState>
            )
          }
        />
      </Panel>
    </>
  );
}

function ProjectName({ project, children }: { project: Project; children: ReactNode }) {
  const isPublic = project.metadata?.public === 'true';
  const Icon = isPublic ? PublicIcon : PrivateIcon;
  return (
    <Group gap={10} wrap="nowrap" miw={0}>
      <Icon size={18} stroke={1.6} color="var(--mantine-color-dimmed)" style={{ flex: 'none' }} aria-hidden />
      <TextLink to="/projects/$project" params={{ project: project.name }} fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
        {project.name}
      </TextLink>
      {children}
    </Group>
  );
}
