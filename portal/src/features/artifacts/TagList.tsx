import { Badge, Group, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tag } from '@/api/types';
import { placeOf } from '@/lib/reference';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { DeleteIcon, PrivateIcon, TagIcon } from '@/ui/icons';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { useListState } from '@/ui/useListState';
import { tagPageSize, tagsQuery, useDeleteTag } from './api';

interface Props {
  project: string;
  repository: string;
  digest: string;
  /** the tag by which the reader came here */
  current: string | undefined;
  mayDelete: boolean;
}

export function TagList({ project, repository, digest, current, mayDelete }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { page, set } = useListState();
  const [doomed, setDoomed] = useState<Tag>();
  const tags = useQuery(tagsQuery(project, repository, digest, page));
  const remove = useDeleteTag(project, repository, digest);
  const to = '/projects/$project/repositories/$';
  const columns: Column<Tag>[] = [
    {
      id: 'name',
      header: t('artifacts.tag'),
      grow: true,
      cell: (tag) => (
        <Group gap="sm">
          <TextLink to={to} params={{ project, _splat: placeOf(repository, tag.name) }} fw={620} size="sm">
            {tag.name}
          </TextLink>
          {tag.immutable && (
            <Badge size="sm" color="gray" leftSection={<PrivateIcon size={12} />}>
              {t('artifacts.immutable')}
            </Badge>
          )}
        </Group>
      ),
    },
    { id: 'pushed', header: t('artifacts.pushed'), align: 'right', cell: (tag) => <TimeAgo time={tag.push_time} /> },
    { id: 'pulled', header: t('artifacts.pulled'), align: 'right', above: 'sm', cell: (tag) => <TimeAgo time={tag.pull_time} /> },
  ];
  if (mayDelete) {
    columns.push({
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (tag) => (
        <RowMenu label={t('common.actionsFor', { name: tag.name })}>
          <Menu.Item color="red" disabled={tag.immutable === true} leftSection={<DeleteIcon size={16} />} onClick={() => setDoomed(tag)}>
            {t('artifacts.deleteTag')}
          </Menu.Item>
        </RowMenu>
      ),
    });
  }
  return (
    <Panel flush>
      <DataTable
        label={t('artifacts.tags')}
        columns={columns}
        rows={tags.data?.items}
        rowKey={(tag) => tag.id}
        error={tags.error}
        onRetry={() => void tags.refetch()}
        stale={tags.isPlaceholderData}
        page={page}
        pageSize={tagPageSize}
        total={tags.data?.total ?? 0}
        onPage={(next) => set({ page: next })}
        empty={<EmptyState icon={TagIcon} title={t('artifacts.noTags')} text={t('artifacts.noTagsText')} />}
      />
      {doomed && (
        <ConfirmDialog
          title={t('artifacts.deleteTag')}
          text={t('artifacts.deleteTagConfirm', { name: doomed.name })}
          action={t('common.delete')}
          onConfirm={async () => {
            await remove.mutateAsync(doomed.name);
            notify.done(t('artifacts.tagDeleted', { name: doomed.name }));
            // The address of the page was the tag: the artifact is still there under its digest.
            if (doomed.name === current) {
              await navigate({ to, params: { project, _splat: placeOf(repository, digest) }, search: { tab: 'tags' }, replace: true });
            }
          }}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </Panel>
  );
}
