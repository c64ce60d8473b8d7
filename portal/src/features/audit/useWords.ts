import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/api/types';
import { kinds, operations } from './api';

/** The words for what the server did; what is not known here is shown as the server calls it. */
export function useWords() {
  const { t } = useTranslation();
  return {
    operation(entry: Pick<AuditEntry, 'operation'>): string {
      const known = operations.find((operation) => operation === entry.operation);
      return known ? t(`audit.operations.${known}`) : entry.operation;
    },
    kind(entry: Pick<AuditEntry, 'resource_type'>): string {
      const known = kinds.find((kind) => kind === entry.resource_type);
      return known ? t(`audit.kinds.${known}`) : entry.resource_type;
    },
  };
}
