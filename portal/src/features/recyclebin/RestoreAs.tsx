import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRepositoryName } from '@/lib/reference';
import { FormDialog } from '@/ui/FormDialog';
import { proposedNames, type BinRow, type Names } from './api';

interface Props {
  /** what is restored; a field for each repository that needs another name */
  rows: readonly BinRow[];
  onRestore: (names: Names) => Promise<unknown>;
  onClose: () => void;
}

export function RestoreAs({ rows, onRestore, onClose }: Props) {
  const { t } = useTranslation();
  const [names, setNames] = useState(() => proposedNames(rows));
  const fields = rows.filter((row) => names[row.id] !== undefined);
  const nameOf = (row: BinRow) => `${row.project}/${names[row.id]?.trim() ?? row.repository}`;
  const isSame = (row: BinRow) => rows.some((other) => other !== row && other.kind === 'repository' && nameOf(other) === nameOf(row));
  const fault = (row: BinRow) => (!isRepositoryName(names[row.id]?.trim() ?? '') ? t('recycleBin.nameBad') : isSame(row) ? t('recycleBin.namesSame') : undefined);
  return (
    <FormDialog
      title={t('recycleBin.restoreAs')}
      submit={t('recycleBin.restore')}
      ready={fields.every((row) => fault(row) === undefined)}
      onSubmit={() => onRestore(Object.fromEntries(Object.entries(names).map(([id, name]) => [id, name.trim()])))}
      onClose={onClose}
    >
      <Text size="sm">{t('recycleBin.restoreAsText', { count: fields.length })}</Text>
      {fields.map((row, at) => (
        <TextInput
          key={row.id}
          data-autofocus={at === 0 || undefined}
          label={t('recycleBin.nameFor', { name: `${row.project}/${row.repository}` })}
          error={fault(row)}
          value={names[row.id] ?? ''}
          onChange={(event) => setNames({ ...names, [row.id]: event.currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
        />
      ))}
    </FormDialog>
  );
}
