import { Text } from '@mantine/core';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegistryHost } from '@/api/hooks';
import type { Found } from '@/api/types';
import { pullCommand } from '@/lib/pull-command';
import { placeOf, shortDigest, withoutProject } from '@/lib/reference';
import { CopyButton } from '@/ui/CopyButton';
import { useClient } from '@/ui/CopyCommand';
import { useFormat } from '@/ui/format';
import { DigestIcon, PrivateIcon, PublicIcon, RepositoryIcon, TagIcon } from '@/ui/icons';
import { Kind } from '@/ui/Kind';
import { Marked } from '@/ui/Marked';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Group } from './groups';
import classes from './Search.module.css';

interface Props {
  group: Group;
  found: Found;
  words: readonly string[];
  number: string;
}

/** One kind of what was found. */
export function Results({ group, found, words, number }: Props) {
  const { t } = useTranslation();
  return (
    <section className={classes.group}>
      <h2 className={classes.heading}>
        {t(`search.groups.${group}`)} <span>{number}</span>
      </h2>
      <ul className={classes.rows}>
        {group === 'projects' && found.projects.map((each) => <ProjectRow key={each.project_id} project={each} words={words} />)}
        {group === 'repositories' && found.repositories.map((each) => <RepositoryRow key={each.name} repository={each} words={words} />)}
        {group === 'tags' && found.tags.map((each) => <TagRow key={`${each.repository_name}:${each.name}`} tag={each} words={words} />)}
        {group === 'artifacts' && found.artifacts.map((each) => <ArtifactRow key={`${each.repository_name}@${each.digest}`} artifact={each} words={words} />)}
      </ul>
    </section>
  );
}

interface RowProps {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  project: string;
  /** what follows /projects/{project}/repositories/; none: the project itself */
  place?: string;
  name: ReactNode;
  facts: ReactNode;
  /** what brings it to the reader's machine */
  pull?: string;
}

function Row({ icon: Icon, project, place, name, facts, pull }: RowProps) {
  const { t } = useTranslation();
  return (
    <li className={classes.row}>
      <Icon size={18} stroke={1.6} aria-hidden />
      {place === undefined ? (
        <TextLink to="/projects/$project" params={{ project }} size="sm" fw={550} className={classes.name}>
          {name}
        </TextLink>
      ) : (
        <TextLink to="/projects/$project/repositories/$" params={{ project, _splat: place }} size="sm" fw={550} className={classes.name}>
          {name}
        </TextLink>
      )}
      <Text component="div" size="sm" c="dimmed" className={classes.facts}>
        {facts}
      </Text>
      {pull !== undefined && <CopyButton text={pull} label={t('command.copyPull')} />}
    </li>
  );
}

type Of<Kind extends Group> = Found[Kind][number];
interface Searched {
  words: readonly string[];
}

function ProjectRow({ project, words }: Searched & { project: Of<'projects'> }) {
  const { t } = useTranslation();
  return (
    <Row
      icon={project.public ? PublicIcon : PrivateIcon}
      project={project.name}
      name={<Marked text={project.name} words={words} />}
      facts={project.public ? t('visibility.public') : t('visibility.private')}
    />
  );
}

function RepositoryRow({ repository, words }: Searched & { repository: Of<'repositories'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const project = projectOf(repository.name);
  return (
    <Row
      icon={RepositoryIcon}
      project={project}
      place={withoutProject(repository.name, project)}
      name={<Marked text={repository.name} words={words} />}
      facts={
        <>
          <span>{t('repositories.artifactCount', { count: repository.artifact_count })}</span>
          <span className={classes.extra}>{t('search.pulls', { count: repository.pull_count, number: format.number(repository.pull_count) })}</span>
          <TimeAgo time={repository.update_time} />
        </>
      }
    />
  );
}

function TagRow({ tag, words }: Searched & { tag: Of<'tags'> }) {
  const host = useRegistryHost();
  const { client } = useClient();
  const project = projectOf(tag.repository_name);
  const full = `${tag.repository_name}:${tag.name}`;
  return (
    <Row
      icon={TagIcon}
      project={project}
      place={placeOf(withoutProject(tag.repository_name, project), tag.name)}
      name={<Marked text={full} words={words} />}
      facts={
        <>
          <span className={`mono ${classes.extra}`}>{shortDigest(tag.digest)}</span>
          <TimeAgo time={tag.push_time} />
        </>
      }
      pull={pullCommand(client, { host, repository: tag.repository_name, reference: tag.name })}
    />
  );
}

function ArtifactRow({ artifact, words }: Searched & { artifact: Of<'artifacts'> }) {
  const host = useRegistryHost();
  const { client } = useClient();
  const project = projectOf(artifact.repository_name);
  return (
    <Row
      icon={DigestIcon}
      project={project}
      place={placeOf(withoutProject(artifact.repository_name, project), artifact.digest)}
      name={
        <>
          {artifact.repository_name}
          <span className="mono">
            @<Marked text={`sha256:${shortDigest(artifact.digest)}`} words={words.map((word) => word.slice(0, 12))} />
          </span>
        </>
      }
      facts={
        <>
          <Kind type={artifact.type} />
          <span className={classes.extra}>{artifact.tags.slice(0, 3).join(', ')}</span>
          <TimeAgo time={artifact.push_time} />
        </>
      }
      pull={pullCommand(client, { host, repository: artifact.repository_name, reference: artifact.digest })}
    />
  );
}

const projectOf = (repository: string) => repository.split('/')[0] ?? '';
