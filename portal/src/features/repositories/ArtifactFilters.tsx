import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Label } from '@/api/types';
import { kindOf } from '@/lib/kind';
import type { Search } from '@/lib/search';
import { FilterBar } from '@/ui/FilterBar';
import { SearchInput } from '@/ui/SearchInput';

/** As the server writes them. */
const types = ['IMAGE', 'CHART', 'CNAI', 'WASM', 'CNAB'] as const;

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  /** undefined: the reader may not see any */
  labels: readonly Label[] | undefined;
}

export function ArtifactFilters({ search, onSearch, labels }: Props) {
  const { t } = useTranslation();
  const label = labels?.find((each) => String(each.id) === search.label);
  const labelNames = (labels ?? []).map((each) => ({ value: String(each.id), label: each.name }));
  return (
    <FilterBar>
      <SearchInput label={t('artifacts.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} />
      <SegmentedControl
        size="xs"
        aria-label={t('artifacts.shown')}
        value={search.show ?? 'tagged'}
        onChange={(next) => onSearch({ q: undefined, show: next === 'tagged' ? undefined : next })}
        data={[
          { value: 'tagged', label: t('artifacts.tagged') },
          { value: 'untagged', label: t('artifacts.untagged') },
          { value: 'all', label: t('artifacts.all') },
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={t('artifacts.kind')}
        value={search.kind ?? ''}
        onChange={(event) => onSearch({ kind: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('artifacts.everyKind') },
          ...types.map((type) => ({ value: type, label: t(`kind.${kindOf(type) ?? 'image'}`) })),
        ]}
      />
      {(labels !== undefined || search.label) && (
        <NativeSelect
          size="xs"
          maw={180}
          aria-label={t('artifacts.label')}
          value={search.label ?? ''}
          onChange={(event) => onSearch({ label: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('artifacts.everyLabel') },
            ...(search.label && !label ? [{ value: search.label, label: `#${search.label}` }] : []),
            ...labelNames,
          ]}
        />
      )}
    </FilterBar>
  );
}
