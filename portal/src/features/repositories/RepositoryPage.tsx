import { ActionIcon, Menu, Textarea, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermissions, useRegistryHost } from '@/api/hooks';
import { projectQuery } from '@/api/shared';
import type { Artifact } from '@/api/types';
import { shortDigest } from '@/lib/reference';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { FormDialog } from '@/ui/FormDialog';
import { DeleteIcon, EditIcon } from '@/ui/icons';
import { notify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { RowMenu } from '@/ui/RowMenu';
import { TextLink } from '@/ui/TextLink';
import { useListState } from '@/ui/useListState';
import { artifactsQuery, repositoryQuery, useDeleteArtifact, useDeleteRepository, useDescribeRepository } from './api';
import { RepositoryView } from './RepositoryView';

type Dialog = { kind: 'describe' } | { kind: 'delete' } | { kind: 'artifact'; artifact: Artifact };

export function RepositoryPage({ project, repository }: { project: string; repository: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search, set } = useListState();
  const host = useRegistryHost();
  const found = useQuery(repositoryQuery(project, repository));
  const artifacts = useQuery(artifactsQuery(project, repository, search));
  const owner = useQuery(projectQuery(project)).data?.owner_name;
  const permissions = usePermissions(project);
  const removeRepository = useDeleteRepository(project);
  const removeArtifact = useDeleteArtifact(project, repository);
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const mayDescribe = permissions.may('update', 'repository');

  return (
    <>
      <PageHeader
        title={repository}
        crumbs={[
          <TextLink key="projects" to="/projects" size="sm">
            {t('nav.projects')}
          </TextLink>,
          <TextLink key="project" to="/projects/$project" params={{ project }} size="sm">
            {project}
          </TextLink>,
        ]}
        text={found.data?.description}
        aside={
          mayDescribe &&
          found.data && (
            <Tooltip label={t('repositories.describe')}>
              <ActionIcon variant="subtle" color="gray" aria-label={t('repositories.describe')} onClick={() => setDialog({ kind: 'describe' })}>
                <EditIcon size={16} />
              </ActionIcon>
            </Tooltip>
          )
        }
        actions={
          permissions.may('delete', 'repository') &&
          found.data && (
            <RowMenu label={t('common.actionsFor', { name: repository })}>
              <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => setDialog({ kind: 'delete' })}>
                {t('repositories.delete')}
              </Menu.Item>
            </RowMenu>
          )
        }
      />
      <RepositoryView
        project={project}
        repository={repository}
        host={host}
        search={search}
        onSearch={set}
        artifacts={found.error && !found.data ? { ...artifacts, data: undefined, error: found.error } : artifacts}
        owner={owner}
        mayPush={permissions.may('push', 'repository')}
        mayDelete={permissions.may('delete', 'artifact')}
        onDelete={(artifact) => setDialog({ kind: 'artifact', artifact })}
      />
      {dialog?.kind === 'describe' && <Describe project={project} repository={repository} text={found.data?.description ?? ''} onClose={close} />}
      {dialog?.kind === 'delete' && (
        <ConfirmDialog
          title={t('repositories.delete')}
          text={t('repositories.deleteConfirm', { name: `${project}/${repository}`, count: found.data?.artifact_count ?? 0 })}
          action={t('common.delete')}
          name={repository}
          onConfirm={async () => {
            await removeRepository.mutateAsync(repository);
            notify.done(t('repositories.deleted', { name: repository }));
            await navigate({ to: '/projects/$project', params: { project } });
          }}
          onClose={close}
        />
      )}
      {dialog?.kind === 'artifact' && (
        <ConfirmDialog
          title={t('artifacts.delete')}
          text={t('artifacts.deleteConfirm', {
            name: dialog.artifact.tags?.map((tag) => tag.name).join(', ') || shortDigest(dialog.artifact.digest),
          })}
          action={t('common.delete')}
          onConfirm={async () => {
            await removeArtifact.mutateAsync(dialog.artifact.digest);
            notify.done(t('artifacts.deleted'));
          }}
          onClose={close}
        />
      )}
    </>
  );
}

interface DescribeProps {
  project: string;
  repository: string;
  text: string;
  onClose: () => void;
}

function Describe({ project, repository, text, onClose }: DescribeProps) {
  const { t } = useTranslation();
  const describe = useDescribeRepository(project, repository);
  const [description, setDescription] = useState(text);
  return (
    <FormDialog
      title={t('repositories.describe')}
      submit={t('common.save')}
      onSubmit={() => describe.mutateAsync(description.trim())}
      onClose={onClose}
    >
      <Textarea
        data-autofocus
        label={t('repositories.description')}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        rows={5}
        maxLength={4096}
      />
    </FormDialog>
  );
}
