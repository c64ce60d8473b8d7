import { Group, SimpleGrid, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Project, Repository } from '@/api/types';
import { withoutProject } from '@/lib/reference';
import { ErrorState } from '@/ui/ErrorState';
import { PrivateIcon, PublicIcon, RepositoryIcon, WarningIcon } from '@/ui/icons';
import { RoleMark } from '@/ui/Marks';
import { Meter } from '@/ui/Meter';
import { PinButton } from '@/ui/PinButton';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import classes from './Home.module.css';

export interface Answer<T> {
  data: Page<T> | undefined;
  error: unknown;
  refetch: () => unknown;
}

export function Rows<T>({ answer, empty, children }: { answer: Answer<T>; empty: ReactNode; children: ReactNode }) {
  if (answer.error && !answer.data) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) {
    return (
      <SimpleGrid cols={1} p="lg" spacing={25} aria-hidden>
        {[70, 54, 62, 48, 66, 58].map((width) => (
          <Skeleton key={width} height={18} width={`${width}%`} />
        ))}
      </SimpleGrid>
    );
  }
  return answer.data.items.length === 0 ? empty : <ul className={classes.rows}>{children}</ul>;
}

interface ProjectRowProps {
  project: Project;
  /** undefined: not known yet */
  pinned: boolean | undefined;
  onPin: () => void;
}

export function ProjectRow({ project, pinned = false, onPin }: ProjectRowProps) {
  const { t } = useTranslation();
  const isPublic = project.metadata?.public === 'true';
  const Icon = isPublic ? PublicIcon : PrivateIcon;
  return (
    <li className={classes.row}>
      <Icon size={18} stroke={1.6} title={isPublic ? t('visibility.public') : t('visibility.private')} />
      <Group gap={6} wrap="nowrap" miw={0}>
        <TextLink to="/projects/$project" params={{ project: project.name }} fw={600} size="sm" className={classes.name}>
          {project.name}
        </TextLink>
        <PinButton name={project.name} pinned={pinned} onToggle={onPin} />
      </Group>
      <Text size="sm" c="dimmed" className={classes.extra}>
        <RoleMark role={project.current_user_role_id} />
      </Text>
      <Text size="sm" c="dimmed" className={classes.right}>
        {t('projects.repositoryCount', { count: project.repo_count ?? 0 })}
      </Text>
    </li>
  );
}

export function QuotaRow({ project }: { project: Project }) {
  const { t } = useTranslation();
  return (
    <li className={`${classes.row} ${classes.quota}`}>
      <WarningIcon size={18} stroke={1.6} aria-hidden />
      <TextLink to="/projects/$project" params={{ project: project.name }} fw={600} size="sm" className={classes.name}>
        {project.name}
      </TextLink>
      <Meter used={project.storage_used ?? 0} limit={project.storage_limit ?? -1} label={`${t('projects.quota')}: ${project.name}`} />
    </li>
  );
}

export function RepositoryRow({ repository }: { repository: Repository }) {
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
      <Text size="sm" c="dimmed" component="div" className={classes.right}>
        <TimeAgo time={repository.update_time} />
      </Text>
    </li>
  );
}
