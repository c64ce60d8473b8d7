import { Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorState } from './ErrorState';
import { LabelMark } from './LabelMark';
import { SearchInput } from './SearchInput';
import classes from './LabelChooser.module.css';

export interface ChoosableLabel {
  id: number;
  name: string;
  color?: string;
  description?: string;
}

/** some: on a part of what is chosen for */
export type Wear = 'all' | 'some' | 'none';

interface Props {
  labels: { data: readonly ChoosableLabel[] | undefined; error: unknown };
  /** the text that they are searched by */
  search: string;
  onSearch: (name: string) => void;
  wearOf: (id: number) => Wear;
  onChoose: (id: number, on: boolean) => void;
}

/** Labels with a box each. */
export function LabelChooser({ labels, search, onSearch, wearOf, onChoose }: Props) {
  const { t } = useTranslation();
  if (labels.error && !labels.data) return <ErrorState error={labels.error} />;
  return (
    <Stack gap="sm">
      <SearchInput label={t('artifacts.findLabel')} value={search} onChange={onSearch} />
      <ul className={classes.list} aria-label={t('artifacts.labels')}>
        {labels.data === undefined && [1, 2, 3].map((row) => <Skeleton key={row} height={18} my={9} component="li" />)}
        {labels.data?.map((label) => {
          const wear = wearOf(label.id);
          return (
            <li key={label.id}>
              <label className={classes.label}>
                <input
                  type="checkbox"
                  checked={wear === 'all'}
                  ref={(box) => {
                    if (box) box.indeterminate = wear === 'some';
                  }}
                  onChange={() => onChoose(label.id, wear !== 'all')}
                />
                <LabelMark name={label.name} color={label.color} />
                {label.description && (
                  <Text span size="xs" c="dimmed" truncate>
                    {label.description}
                  </Text>
                )}
              </label>
            </li>
          );
        })}
      </ul>
      {labels.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {search === '' ? t('artifacts.noLabels') : t('artifacts.noLabelMatch')}
        </Text>
      )}
    </Stack>
  );
}
