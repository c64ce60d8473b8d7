import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { ButtonLink } from '@/ui/ButtonLink';
import { PurgeIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/PageHeader';
import { useListState } from '@/ui/useListState';
import { auditQuery } from './api';
import { AuditView } from './AuditView';

/** Everything that happened on this server, as far as the reader may see it. */
export function AuditPage() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  const { user } = useCurrentUser();
  const entries = useQuery(auditQuery(undefined, search));
  return (
    <>
      <PageHeader
        title={t('nav.audit')}
        text={user?.sysadmin_flag ? t('audit.text') : t('audit.textOwn')}
        actions={
          user?.sysadmin_flag && (
            <ButtonLink variant="default" to="/audit/purge" leftSection={<PurgeIcon size={16} />}>
              {t('audit.purge')}
            </ButtonLink>
          )
        }
      />
      <AuditView search={search} onSearch={set} entries={entries} />
    </>
  );
}
