import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** Asks before a page with unsaved changes is left, by a link as well as by closing it. */
export function useUnsaved(unsaved: boolean): void {
  const { t } = useTranslation();
  useBlocker({
    // Another filter or tab of the same page takes nothing away.
    shouldBlockFn: ({ current, next }) => unsaved && current.pathname !== next.pathname && !window.confirm(t('changes.leave')),
    enableBeforeUnload: unsaved,
    disabled: !unsaved,
  });
}
