import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import type { TagMove } from '@/api/types';
import { comparisonOf, placeOf } from '@/lib/reference';
import { ButtonLink } from '@/ui/ButtonLink';
import { HistoryIcon, RestoreIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/PageHeader';
import { TextLink } from '@/ui/TextLink';
import { useListState } from '@/ui/useListState';
import { movesQuery } from './api';
import { HistoryView } from './HistoryView';

const RestoreTag = lazy(() => import('./RestoreTag').then((m) => ({ default: m.RestoreTag })));
const RestoreTime = lazy(() => import('./RestoreTime').then((m) => ({ default: m.RestoreTime })));

interface Props {
  project: string;
  repository: string;
  /** undefined: of the whole repository */
  tag: string | undefined;
}

export function HistoryPage({ project, repository, tag }: Props) {
  const { t } = useTranslation();
  const place = { project, repository };
  const navigate = useNavigate();
  const { search, set } = useListState();
  const moves = useQuery(movesQuery(place, tag, search));
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const permissions = usePermissions(project);
  const [dialog, setDialog] = useState<{ move: TagMove } | 'time'>();
  const close = () => setDialog(undefined);
  const to = '/projects/$project/repositories/$';
  const mayRestore = permissions.may('create', 'tag');
  const fromBin = permissions.may('update', 'recycle-bin');

  return (
    <>
      <PageHeader
        title={t('history.title', { name: tag ?? repository })}
        text={t(tag === undefined ? 'history.repositoryText' : 'history.tagText')}
        crumbs={[
          <TextLink key="projects" to="/projects" size="sm">
            {t('nav.projects')}
          </TextLink>,
          <TextLink key="project" to="/projects/$project" params={{ project }} size="sm">
            {project}
          </TextLink>,
          <TextLink key="repository" to={to} params={{ project, _splat: placeOf(repository) }} size="sm">
            {repository}
          </TextLink>,
        ]}
        actions={
          tag === undefined ? (
            fromBin && (
              <Button variant="default" leftSection={<RestoreIcon size={16} />} onClick={() => setDialog('time')}>
                {t('history.toTime')}
              </Button>
            )
          ) : (
            <ButtonLink variant="default" leftSection={<HistoryIcon size={16} />} to={to} params={{ project, _splat: `${repository}/-/history` }}>
              {t('history.title', { name: repository })}
            </ButtonLink>
          )
        }
      />
      <HistoryView
        place={place}
        tag={tag}
        search={search}
        onSearch={set}
        moves={moves}
        owner={owner}
        onRestore={mayRestore ? (move) => setDialog({ move }) : undefined}
        fromBin={fromBin}
        onCompare={(from, with_) => void navigate({ to, params: { project, _splat: comparisonOf(repository, { digest: from }, { digest: with_ }) } })}
      />
      <Suspense>
        {dialog === 'time' && <RestoreTime place={place} onClose={close} />}
        {typeof dialog === 'object' && <RestoreTag place={place} move={dialog.move} onClose={close} />}
      </Suspense>
    </>
  );
}
