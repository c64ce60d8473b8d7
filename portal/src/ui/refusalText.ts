import i18next from 'i18next';
import { leastNeeded } from '@/lib/needs';
import { isOffline, isStale, messageOf } from '@/lib/problem';

/** Why the server did not do what was asked: in the reader's language where the portal understands it, else in its words. */
export function refusalText(error: unknown): string {
  if (isOffline(error)) return i18next.t('error.offline.text');
  if (isStale(error)) return i18next.t('error.changed');
  const needed = leastNeeded(error);
  if (needed !== undefined) return i18next.t('error.needsRole', { role: i18next.t(`role.${needed}`) });
  return messageOf(error) || i18next.t('error.failed.text');
}
