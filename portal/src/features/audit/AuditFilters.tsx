import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Search } from '@/lib/search';
import { FilterBar } from '@/ui/FilterBar';
import { DownloadIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { SearchInput } from '@/ui/SearchInput';
import { exportAddress, kinds, operations } from './api';
import classes from './Audit.module.css';

interface Props {
  /** the log of one project */
  project: string | undefined;
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
}

/** Who did what to which thing, when, and whether it was done. */
export function AuditFilters({ project, search, onSearch }: Props) {
  const { t } = useTranslation();
  return (
    <FilterBar>
      <SearchInput label={t('audit.filterWho')} value={search.who ?? ''} onChange={(who) => onSearch({ who }, { replace: true })} />
      <SearchInput label={t('audit.resource')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
      <NativeSelect
        className={classes.choice}
        aria-label={t('audit.filterOperation')}
        value={search.action ?? ''}
        onChange={(event) => onSearch({ action: event.currentTarget.value || undefined })}
        data={[{ value: '', label: t('audit.anyOperation') }, ...operations.map((value) => ({ value, label: t(`audit.operations.${value}`) }))]}
      />
      <NativeSelect
        className={classes.choice}
        aria-label={t('audit.filterKind')}
        value={search.kind ?? ''}
        onChange={(event) => onSearch({ kind: event.currentTarget.value || undefined })}
        data={[{ value: '', label: t('audit.anyKind') }, ...kinds.map((value) => ({ value, label: t(`audit.kinds.${value}`) }))]}
      />
      <NativeSelect
        className={classes.choice}
        aria-label={t('audit.filterResult')}
        value={search.result ?? ''}
        onChange={(event) => onSearch({ result: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('audit.anyResult') },
          { value: 'done', label: t('audit.allowed') },
          { value: 'refused', label: t('audit.refused') },
        ]}
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
      <Menu
        width={230}
        target={
          <Button variant="default" leftSection={<DownloadIcon size={16} />} className={classes.export}>
            {t('audit.export')}
          </Button>
        }
      >
        <Menu.Label>{t('audit.exportText')}</Menu.Label>
        <Menu.Item component="a" href={exportAddress(project, search, 'csv')} download>
          {t('audit.exportCSV')}
        </Menu.Item>
        <Menu.Item component="a" href={exportAddress(project, search, 'jsonl')} download>
          {t('audit.exportLines')}
        </Menu.Item>
      </Menu>
    </FilterBar>
  );
}
