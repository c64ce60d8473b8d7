import { Button, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import type { Page } from '@/api/client';
import type { TagMove } from '@/api/types';
import { shortDigest } from '@/lib/reference';
import type { Search } from '@/lib/search';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { FilterBar } from '@/ui/FilterBar';
import { CompareIcon, HistoryIcon, RestoreIcon, SearchIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { SearchInput } from '@/ui/SearchInput';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { causes, pageSize } from './api';
import { Past } from './Past';

interface Props {
  place: Place;
  /** undefined: all of the repository */
  tag: string | undefined;
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  moves: { data: Page<TagMove> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  owner: string | undefined;
  /** undefined: the reader may not */
  onRestore: ((move: TagMove) => void) | undefined;
  /** whether the reader may take things out of the recycle bin */
  fromBin: boolean;
  onCompare: (from: string, to: string) => void;
}

/** What restoring to an entry points the tag at: where it went, or, when it was removed, where it was. */
export const goal = (move: TagMove) => move.to ?? move.from;

export function HistoryView({ place, tag, search, onSearch, moves, owner, onRestore, fromBin, onCompare }: Props) {
  const { t } = useTranslation();
  const newest = search.page === undefined && !search.action ? moves.data?.items[0] : undefined;
  const wordOf = (cause: string) => {
    const known = causes.find((each) => each === cause);
    return known ? t(`history.causes.${known}`) : cause;
  };
  function restorable(move: TagMove) {
    const to = goal(move);
    if (!onRestore || !to || (to.state !== 'alive' && !(to.state === 'bin' && fromBin))) return undefined;
    // Where one tag is now, nothing is to be restored; of a repository's tags the list does not tell.
    return tag !== undefined && newest?.to?.digest === to.digest ? undefined : to;
  }
  const columns: Column<TagMove>[] = [
    ...(tag === undefined
      ? [
          {
            id: 'tag',
            header: t('history.tag'),
            cell: (move: TagMove) => (
              <TextLink
                to="/projects/$project/repositories/$"
                params={{ project: place.project, _splat: `${place.repository}/-/tags/${move.tag}/history` }}
                fw={620}
                size="sm"
                style={{ overflowWrap: 'anywhere' }}
              >
                {move.tag}
              </TextLink>
            ),
          },
        ]
      : []),
    { id: 'why', header: t('history.why'), cell: (move) => wordOf(move.cause) },
    { id: 'from', header: t('history.from'), above: 'sm', cell: (move) => <Past place={place} past={move.from} none={t('history.madeNew')} /> },
    { id: 'to', header: t('history.to'), grow: true, cell: (move) => <Past place={place} past={move.to} none={t('history.removed')} /> },
    { id: 'who', header: t('history.who'), above: 'md', cell: (move) => move.operator || '–' },
    { id: 'when', header: t('history.when'), align: 'right', cell: (move) => <TimeAgo time={move.op_time} /> },
    {
      id: 'actions',
      header: t('common.actions'),
      quiet: true,
      align: 'right',
      cell: (move) => {
        const to = restorable(move);
        const { from, to: went } = move;
        const compared = from?.state === 'alive' && went?.state === 'alive' && from.digest !== went.digest;
        if (!to && !compared) return null;
        return (
          <RowMenu label={t('common.actionsFor', { name: `${move.tag} ${shortDigest(goal(move)?.digest ?? '')}` })}>
            {to && (
              <Menu.Item leftSection={<RestoreIcon size={16} />} onClick={() => onRestore?.(move)}>
                {t('history.restore', { digest: shortDigest(to.digest) })}
              </Menu.Item>
            )}
            {compared && (
              <Menu.Item leftSection={<CompareIcon size={16} />} onClick={() => onCompare(from.digest, went.digest)}>
                {t('history.compare')}
              </Menu.Item>
            )}
          </RowMenu>
        );
      },
    },
  ];
  const filtered = Boolean(search.q ?? search.action);
  return (
    <Panel flush>
      <FilterBar>
        <Group gap="sm">
          {tag === undefined && <SearchInput label={t('history.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />}
          <NativeSelect
            aria-label={t('history.cause')}
            value={search.action ?? ''}
            onChange={(event) => onSearch({ action: event.currentTarget.value || undefined })}
            data={[{ value: '', label: t('history.anyCause') }, ...causes.map((cause) => ({ value: cause, label: wordOf(cause) }))]}
          />
        </Group>
      </FilterBar>
      <DataTable
        label={t('history.title', { name: tag ?? place.repository })}
        columns={columns}
        rows={moves.data?.items}
        rowKey={(move) => move.id}
        error={moves.error}
        onRetry={() => void moves.refetch()}
        denied={{ needs: t('role.anyMember'), owner }}
        stale={moves.isPlaceholderData}
        page={search.page ?? 1}
        pageSize={pageSize}
        total={moves.data?.total ?? 0}
        onPage={(page) => onSearch({ page })}
        empty={
          filtered ? (
            <EmptyState icon={SearchIcon} title={t('history.noMatch')} text={t('history.noMatchText')}>
              <Button variant="light" onClick={() => onSearch({ q: undefined, action: undefined })}>
                {t('common.clearFilters')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={HistoryIcon} title={t('history.none')} text={t('history.noneText')} />
          )
        }
      />
    </Panel>
  );
}
