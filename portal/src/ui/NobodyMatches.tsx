import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState';
import { SearchIcon } from './icons';

/** A list of people whose filter leaves nobody. */
export function NobodyMatches({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState icon={SearchIcon} title={t('members.noMatch')} text={t('members.noMatchText')}>
      <Button variant="light" onClick={onClear}>
        {t('common.clearFilters')}
      </Button>
    </EmptyState>
  );
}
