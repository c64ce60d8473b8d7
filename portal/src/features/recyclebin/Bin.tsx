import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RestoredTag } from '@/api/types';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { useSelection } from '@/ui/useSelection';
import { binRowsQuery, proposedNames, useEmpty, usePurge, useRestore, type BinRow } from './api';
import { BinView, nameOf } from './BinView';
import { RestoreAs } from './RestoreAs';

interface Props {
  /** undefined: of all projects */
  project: string | undefined;
  owner?: string | undefined;
  days: number | undefined;
  mayRestore: boolean;
  mayPurge: boolean;
}

const mostNames = 5;

export function Bin({ project, owner, days, mayRestore, mayPurge }: Props) {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const rows = useQuery(binRowsQuery(project, search));
  const selection = useSelection<BinRow>((row) => `${row.kind} ${row.id}`);
  const restore = useRestore();
  const purge = usePurge();
  const [purging, setPurging] = useState<readonly BinRow[]>();
  const [emptying, setEmptying] = useState(false);
  const [renaming, setRenaming] = useState<readonly BinRow[]>();

  function tell(chosen: readonly BinRow[], taken: readonly RestoredTag[]) {
    selection.clear();
    notify.done(t('recycleBin.restored', { count: chosen.length }));
    if (taken.length > 0) notify.done(t('recycleBin.taken', { tags: taken.map((tag) => tag.name).join(', ') }));
  }
  function bringBack(chosen: readonly BinRow[]) {
    if (Object.keys(proposedNames(chosen)).length > 0) {
      setRenaming(chosen);
      return;
    }
    restore.mutate(
      { rows: chosen },
      {
        onSuccess: (taken) => tell(chosen, taken),
        onError: (error) => notify.failed(t('recycleBin.failed'), error),
      },
    );
  }
  const single = purging?.length === 1 ? purging[0] : undefined;
  const projects = new Set(purging?.map((row) => row.project));
  // What holds much is typed first: one repository's name, or the project of many things.
  const typed = single ? (single.kind === 'repository' ? single.repository : undefined) : projects.size === 1 ? [...projects][0] : undefined;
  return (
    <>
      <BinView
        project={project}
        search={search}
        onSearch={set}
        rows={rows}
        selection={selection}
        owner={owner}
        days={days}
        onRestore={mayRestore ? bringBack : undefined}
        onPurge={mayPurge ? setPurging : undefined}
        onEmpty={mayPurge && project !== undefined && (rows.data?.total ?? 0) > 0 ? () => setEmptying(true) : undefined}
      />
      {renaming && (
        <RestoreAs
          rows={renaming}
          onRestore={async (names) => tell(renaming, await restore.mutateAsync({ rows: renaming, names }))}
          onClose={() => setRenaming(undefined)}
        />
      )}
      {purging && (
        <ConfirmDialog
          title={t('recycleBin.purgeTitle', { count: purging.length })}
          text={t('recycleBin.purgeText', { names: namesOf(purging, (count) => t('recycleBin.more', { count })) })}
          action={t('recycleBin.purge')}
          {...(typed === undefined ? {} : { name: typed })}
          onConfirm={async () => {
            await purge.mutateAsync(purging);
            selection.clear();
            notify.done(t('recycleBin.purged', { count: purging.length }));
          }}
          onClose={() => setPurging(undefined)}
        />
      )}
      {emptying && project !== undefined && <Empty project={project} onDone={selection.clear} onClose={() => setEmptying(false)} />}
    </>
  );
}

function namesOf(rows: readonly BinRow[], more: (count: number) => string): string {
  const names = rows.slice(0, mostNames).map(nameOf).join(', ');
  return rows.length > mostNames ? `${names} ${more(rows.length - mostNames)}` : names;
}

function Empty({ project, onDone, onClose }: { project: string; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const empty = useEmpty(project);
  return (
    <ConfirmDialog
      title={t('recycleBin.emptyTitle', { name: project })}
      text={t('recycleBin.emptyText')}
      action={t('recycleBin.empty')}
      name={project}
      onConfirm={async () => {
        await empty.mutateAsync();
        onDone();
        notify.done(t('recycleBin.emptied'));
      }}
      onClose={onClose}
    />
  );
}
