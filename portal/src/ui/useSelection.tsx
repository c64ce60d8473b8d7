import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from './DataTable';
import classes from './Selection.module.css';

export interface Selection<T> {
  items: readonly T[];
  clear: () => void;
  /** replaces what is selected */
  choose: (items: readonly T[]) => void;
  /** the column of boxes, whose heading selects or clears the page */
  column: (rows: readonly T[] | undefined, nameOf: (row: T) => string) => Column<T>;
}

/** The rows that something is done with together. They stay selected when another page of the list is shown. */
export function useSelection<T>(keyOf: (row: T) => string | number): Selection<T> {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlyMap<string | number, T>>(new Map());

  function set(rows: readonly T[], on: boolean) {
    const next = new Map(chosen);
    for (const row of rows) {
      if (on) next.set(keyOf(row), row);
      else next.delete(keyOf(row));
    }
    setChosen(next);
  }
  return {
    items: [...chosen.values()],
    clear: () => setChosen(new Map()),
    choose: (items) => setChosen(new Map(items.map((item) => [keyOf(item), item]))),
    column(rows = [], nameOf) {
      const count = rows.filter((row) => chosen.has(keyOf(row))).length;
      const all = rows.length > 0 && count === rows.length;
      return {
        id: 'selected',
        header: t('common.selectPage'),
        heading: <Box label={t('common.selectPage')} checked={all} some={count > 0 && !all} onChange={() => set(rows, !all)} />,
        cell: (row) => (
          <Box label={t('common.select', { name: nameOf(row) })} checked={chosen.has(keyOf(row))} onChange={(on) => set([row], on)} />
        ),
      };
    },
  };
}

interface BoxProps {
  label: string;
  checked: boolean;
  /** neither all nor none */
  some?: boolean;
  onChange: (on: boolean) => void;
}

function Box({ label, checked, some = false, onChange }: BoxProps) {
  return (
    <label className={classes.box}>
      <input
        type="checkbox"
        aria-label={label}
        checked={checked}
        ref={(input) => {
          if (input) input.indeterminate = some;
        }}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
