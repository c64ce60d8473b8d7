import { Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ActivityDay, Project, Repository } from '@/api/types';
import { ButtonLink } from '@/ui/ButtonLink';
import { LazyActivityCharts } from '@/ui/charts/LazyActivityCharts';
import { CommandLine } from '@/ui/CommandLine';
import { useClient } from '@/ui/CopyCommand';
import { EmptyState } from '@/ui/EmptyState';
import { AddIcon, ProjectsIcon, RepositoryIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { pushCommands } from '@/lib/pull-command';
import { FirstPush } from './FirstPush';
import { ProjectRow, QuotaRow, RepositoryRow, Rows, type Answer } from './rows';
import classes from './Home.module.css';

interface Props {
  username: string;
  name: string;
  host: string;
  /** what the first column holds is not known yet */
  waiting?: boolean;
  projects: Answer<Project>;
  repositories: Answer<Repository>;
  /** those whose quota is nearly used up */
  full: Project[];
  pins: readonly number[] | undefined;
  pinned: Project[];
  activity: { data: ActivityDay[] | undefined; error: unknown; refetch: () => unknown };
  onPin: (id: number) => void;
}

export function HomeView({ username, name, host, waiting = false, projects, repositories, full, pins, pinned, activity, onPin }: Props) {
  const { t } = useTranslation();
  const [newest] = projects.data?.items ?? [];
  const row = (project: Project) => (
    <ProjectRow key={project.project_id} project={project} pinned={pins?.includes(project.project_id)} onPin={() => onPin(project.project_id)} />
  );
  return (
    <>
      <PageHeader title={t('home.title', { name })} text={t('home.text')} actions={newest && <Create label={t('projects.create')} />} />
      <div className={classes.columns}>
        {waiting ? (
          <Stack gap="lg" aria-hidden>
            <Skeleton height={356} radius="lg" />
            <Skeleton height={356} radius="lg" />
          </Stack>
        ) : (
          <Stack gap="lg" miw={0}>
            {full.length > 0 && (
              <Panel title={t('home.full')} text={t('home.fullText')} flush>
                <ul className={classes.rows}>
                  {full.map((project) => (
                    <QuotaRow key={project.project_id} project={project} />
                  ))}
                </ul>
              </Panel>
            )}
            {pinned.length > 0 && (
              <Panel title={t('home.pinned')} flush>
                <ul className={classes.rows}>{pinned.map(row)}</ul>
              </Panel>
            )}
            <Panel title={t('home.projects')} flush actions={<TextLink to="/projects" search={{ show: 'mine' }} size="sm">{t('home.allProjects')}</TextLink>}>
              <Rows answer={projects} empty={<NoProject host={host} />}>
                {projects.data?.items.map(row)}
              </Rows>
            </Panel>
            <Panel title={t('home.pushes')} flush>
              <Rows answer={repositories} empty={<EmptyState icon={RepositoryIcon} title={t('home.noPush')} text={t('home.noPushText')} />}>
                {repositories.data?.items.map((repository) => <RepositoryRow key={repository.id} repository={repository} />)}
              </Rows>
            </Panel>
          </Stack>
        )}
        <Stack gap="lg" miw={0}>
          <Panel title={t('home.activity')}>
            <LazyActivityCharts activity={activity} />
          </Panel>
          <FirstPush host={host} username={username} project={newest?.name ?? 'library'} />
        </Stack>
      </div>
    </>
  );
}

function Create({ label }: { label: string }) {
  return (
    <ButtonLink to="/projects" search={{ new: 'project' }} leftSection={<AddIcon size={16} />}>
      {label}
    </ButtonLink>
  );
}

/** Whoever has no project yet: what to do, and what comes after it. */
function NoProject({ host }: { host: string }) {
  const { t } = useTranslation();
  const { client } = useClient();
  return (
    <EmptyState icon={ProjectsIcon} title={t('home.noProject')} text={t('home.noProjectText')}>
      <Create label={t('home.create')} />
      <CommandLine lines={pushCommands(client, host, 'my-project')} label={t('guide.copyPush')} />
    </EmptyState>
  );
}
