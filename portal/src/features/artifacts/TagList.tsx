import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Tag } from '@/api/types';
import { placeOf } from '@/lib/reference';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { DeleteIcon, ExpiryIcon, HistoryIcon, TagIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { TagExpiry } from '@/ui/TagExpiry';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { useListState } from '@/ui/useListState';
import { tagPageSize, tagsQuery } from './api';
import { ImmutableMark } from './ImmutableMark';

interface Props {
  place: Place;
  digest: string;
  /** undefined: the reader may not */
  onDelete: ((tag: string) => void) | undefined;
  onExpire: ((tag: Tag) => void) | undefined;
}

export function TagList({ place, digest, onDelete, onExpire }: Props) {
  const { t } = useTranslation();
  const { page, set } = useListState();
  const navigate = useNavigate();
  const openHistory = (tag: string) =>
    void navigate({ to: '/projects/$project/repositories/$', params: { project: place.project, _splat: `${placeOf(place.repository, tag)}/history` } });
  const tags = useQuery(tagsQuery(place, digest, page));
  const columns: Column<Tag>[] = [
    {
      id: 'name',
      header: t('artifacts.tag'),
      grow: true,
      cell: (tag) => (
        <Group gap="sm">
          <TextLink to="/projects/$project/repositories/$" params={{ project: place.project, _splat: placeOf(place.repository, tag.name) }} fw={620} size="sm">
            {tag.name}
          </TextLink>
          {tag.immutable && <ImmutableMark />}
          <TagExpiry time={tag.expire_time} />
        </Group>
      ),
    },
    { id: 'pushed', header: t('artifacts.pushed'), align: 'right', cell: (tag) => <TimeAgo time={tag.push_time} /> },
    { id: 'pulled', header: t('artifacts.pulled'), align: 'right', above: 'sm', cell: (tag) => <TimeAgo time={tag.pull_time} /> },
  ];
  columns.push({
    id: 'actions',
    header: t('common.actions'),
    quiet: true,
    align: 'right',
    cell: (tag) => (
      <RowMenu label={t('common.actionsFor', { name: tag.name })}>
        <Menu.Item leftSection={<HistoryIcon size={16} />} onClick={() => openHistory(tag.name)}>
          {t('artifacts.history')}
        </Menu.Item>
        {onExpire && (
          <Menu.Item disabled={tag.immutable} leftSection={<ExpiryIcon size={16} />} onClick={() => onExpire(tag)}>
            {t('artifacts.expiry')}
          </Menu.Item>
        )}
        {onDelete && (
          <Menu.Item color="red" disabled={tag.immutable} leftSection={<DeleteIcon size={16} />} onClick={() => onDelete(tag.name)}>
            {t('artifacts.deleteTag')}
          </Menu.Item>
        )}
      </RowMenu>
    ),
  });
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
    </Panel>
  );
}
