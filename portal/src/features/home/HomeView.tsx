import { Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Project, Repository } from '@/api/types';
import { withoutProject } from '@/lib/reference';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { AddIcon, PrivateIcon, ProjectsIcon, PublicIcon, RepositoryIcon } from '@/ui/icons';
import { RoleMark } from '@/ui/Marks';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { FirstPush } from './FirstPush';
import { ButtonLink } from '@/ui/ButtonLink';
import classes from './Home.module.css';

interface Answer<T> {
  data: Page<T> | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface Props {
  username: string;
  name: string;
  host: string;
  projects: Answer<Project>;
  repositories: Answer<Repository>;
}

export function HomeView({ username, name, host, projects, repositories }: Props) {
  const { t } = useTranslation();
  const [newest] = projects.data?.items ?? [];
  const create = (
    <ButtonLink to="/projects" search={{ new: 'project' }} leftSection={<AddIcon size={16} />}>
      {t('projects.create')}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t('home.title', { name })} text={t('home.text')} actions={newest && create} />
      <div className={classes.columns}>
        <Stack gap="lg" miw={0}>
          <Panel
            title={t('home.projects')}
            flush
            actions={<TextLink to="/projects" size="sm">{t('home.allProjects')}</TextLink>}
          >
            <Rows answer={projects} empty={<EmptyState icon={ProjectsIcon} title={t('home.noProject')} text={t('home.noProjectText')}>{create}</EmptyState>}>
              {projects.data?.items.map((project) => <ProjectRow key={project.project_id} project={project} />)}
            </Rows>
          </Panel>
          <Panel title={t('home.pushes')} flush>
            <Rows answer={repositories} empty={<EmptyState icon={RepositoryIcon} title={t('home.noPush')} text={t('home.noPushText')} />}>
              {repositories.data?.items.map((repository) => <RepositoryRow key={repository.id} repository={repository} />)}
            </Rows>
          </Panel>
        </Stack>
        <FirstPush host={host} username={username} project={newest?.name ?? 'library'} />
      </div>
    </>
  );
}

function Rows<T>({ answer, empty, children }: { answer: Answer<T>; empty: ReactNode; children: ReactNode }) {
  if (answer.error && !answer.data) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) {
    return (
      <SimpleGrid cols={1} p="lg" spacing="md" aria-hidden>
        {[70, 54, 62].map((width) => (
          <Skeleton key={width} height={18} width={`${width}%`} />
        ))}
      </SimpleGrid>
    );
  }
  return answer.data.items.length === 0 ? empty : <ul className={classes.rows}>{children}</ul>;
}

function ProjectRow({ project }: { project: Project }) {
  const { t } = useTranslation();
  const isPublic = project.metadata?.public === 'true';
  const Icon = isPublic ? PublicIcon : PrivateIcon;
  return (
    <li className={classes.row}>
      <Icon size={18} stroke={1.6} title={isPublic ? t('visibility.public') : t('visibility.private')} />
      <TextLink to="/projects/$project" params={{ project: project.name }} fw={600} size="sm" className={classes.name}>
        {project.name}
      </TextLink>
      <Text size="sm" c="dimmed" className={classes.extra}>
        <RoleMark role={project.current_user_role_id} />
      </Text>
      <Text size="sm" c="dimmed" className={classes.right}>
        {t('projects.repositoryCount', { count: project.repo_count ?? 0 })}
      </Text>
    </li>
  );
}

function RepositoryRow({ repository }: { repository: Repository }) {
  const { t } = useTranslation();
  const project = repository.name.split('/')[0] ?? '';
  const _splat = withoutProject(repository.name, project);
  return (
    <li className={classes.row}>
      <RepositoryIcon size={18} stroke={1.6} aria-hidden />
      <TextLink to="/projects/$project/repositories/$" params={{ project, _splat }} fw={600} size="sm" className={classes.name}>
        <span className={classes.prefix}>{project}/</span>
        {_splat}
      </TextLink>
      <Text size="sm" c="dimmed" className={classes.extra}>
        {t('repositories.artifactCount', { count: repository.artifact_count ?? 0 })}
      </Text>
      <Group className={classes.right}>
        <Text size="sm" c="dimmed" component="span">
          <TimeAgo time={repository.update_time} />
        </Text>
      </Group>
    </li>
  );
}
