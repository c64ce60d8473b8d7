import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Search } from '@/lib/search';
import { FilterBar } from '@/ui/FilterBar';
import { SearchInput } from '@/ui/SearchInput';
import { kinds, operations } from './api';
import classes from './Audit.module.css';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
}

/** Who did what to which thing, and when. */
export function AuditFilters({ search, onSearch }: Props) {
  const { t } = useTranslation();
  return (
    <FilterBar>
      <SearchInput label={t('audit.filterWho')} value={search.who ?? ''} onChange={(who) => onSearch({ who }, { replace: true })} />
      <Select
        className={classes.choice}
        aria-label={t('audit.filterOperation')}
        placeholder={t('audit.anyOperation')}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        value={search.action ?? null}
        onChange={(action) => onSearch({ action: action ?? undefined })}
        data={operations.map((operation) => ({ value: operation, label: t(`audit.operations.${operation}`) }))}
      />
      <Select
        className={classes.choice}
        aria-label={t('audit.filterKind')}
        placeholder={t('audit.anyKind')}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        value={search.kind ?? null}
        onChange={(kind) => onSearch({ kind: kind ?? undefined })}
        data={kinds.map((kind) => ({ value: kind, label: t(`audit.kinds.${kind}`) }))}
      />
      <div className={classes.dates}>
        <TextInput
          type="date"
          aria-label={t('audit.from')}
          value={search.from ?? ''}
          max={search.to ?? ''}
          onChange={(event) => onSearch({ from: event.currentTarget.value || undefined })}
        />
        <span aria-hidden>–</span>
        <TextInput
          type="date"
          aria-label={t('audit.to')}
          value={search.to ?? ''}
          min={search.from ?? ''}
          onChange={(event) => onSearch({ to: event.currentTarget.value || undefined })}
        />
      </div>
    </FilterBar>
  );
}
