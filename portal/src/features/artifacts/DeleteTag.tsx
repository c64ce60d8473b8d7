import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { useUndo } from '@/api/undo';
import { usePermissions } from '@/api/hooks';
import { placeOf } from '@/lib/reference';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { notify } from '@/ui/notify';
import { useListState } from '@/ui/useListState';
import { useDeleteTag } from './api';

interface Props {
  place: Place;
  digest: string;
  tag: string;
  /** the tag by which the reader came to the page */
  current: string | undefined;
  onClose: () => void;
}

export function DeleteTag({ place, digest, tag, current, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { search } = useListState();
  const remove = useDeleteTag(place, digest);
  const mayRestore = usePermissions(place.project).may('create', 'tag');
  const undo = useUndo(place.project);
  return (
    <ConfirmDialog
      title={t('artifacts.deleteTag')}
      text={t('artifacts.deleteTagConfirm', { name: tag })}
      action={t('common.delete')}
      onConfirm={async () => {
        await remove.mutateAsync(tag);
        if (mayRestore) notify.undoable(t('artifacts.tagDeleted', { name: tag }), () => undo.tag(place, tag, digest));
        else notify.done(t('artifacts.tagDeleted', { name: tag }));
        // The address of the page was the tag: the artifact is still there under its digest.
        if (tag === current) {
          await navigate({
            to: '/projects/$project/repositories/$',
            params: { project: place.project, _splat: placeOf(place.repository, digest) },
            search: { tab: search.tab },
            replace: true,
          });
        }
      }}
      onClose={onClose}
    />
  );
}
