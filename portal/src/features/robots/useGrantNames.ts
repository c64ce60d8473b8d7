import { useTranslation } from 'react-i18next';
import type { Permission } from '@/lib/permissions';
import { byResource, knownAction, knownResource, type ResourceRow } from './grants';

/** Resources and actions in the reader's language. */
export function useGrantNames() {
  const { t } = useTranslation();
  const resource = (name: string) => {
    const known = knownResource(name);
    return known ? t(`robots.resource.${known}`) : name;
  };
  const action = (name: string) => {
    const known = knownAction(name);
    return known ? t(`robots.action.${known}`) : name;
  };
  const row = ({ resource: name, actions }: ResourceRow) => `${resource(name)}: ${actions.map(action).join(', ')}`;
  const all = (access: readonly Permission[]) => byResource(access).map(row).join(' · ');
  return { resource, action, row, all };
}
