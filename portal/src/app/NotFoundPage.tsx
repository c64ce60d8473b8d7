import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/ui/EmptyState';
import { SearchIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/PageHeader';
import { ButtonLink } from '@/ui/ButtonLink';
import { Panel } from '@/ui/Panel';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main>
      <PageHeader title={t('notFound.title')} />
      <Panel>
        <EmptyState icon={SearchIcon} title={t('notFound.heading')} text={t('notFound.text')}>
          <ButtonLink to="/">
            {t('notFound.home')}
          </ButtonLink>
        </EmptyState>
      </Panel>
    </main>
  );
}
