import { Group, Input, NativeSelect, NumberInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { splitBytes, storageUnits, unitBytes, type StorageUnit } from '@/lib/bytes';

interface Props {
  label: string;
  description?: string;
  /** the label is for assistive technology only: in a row that says it already */
  quiet?: boolean;
  /** bytes; -1: no limit; NaN: what is typed is no size */
  value: number;
  onChange: (bytes: number) => void;
  disabled?: boolean;
  autoFocus?: boolean;
}

/** A size as people say it: a number with its unit, or no limit at all. */
export function StorageInput({ label, description, quiet = false, value, onChange, disabled = false, autoFocus = false }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState(() => splitBytes(value));
  const [seen, setSeen] = useState(value);
  if (!Object.is(value, seen)) {
    // Changed from outside, as by "discard"; what is being typed stays as it is written.
    setSeen(value);
    if (!Object.is(value, bytesOf(typed))) setTyped(splitBytes(value));
  }
  function change(next: typeof typed) {
    setTyped(next);
    setSeen(bytesOf(next));
    onChange(bytesOf(next));
  }
  const fields = (
    <Group gap="xs" wrap="nowrap">
      <NumberInput
        id={id}
        {...(quiet ? { 'aria-label': label } : {})}
        flex={1}
        maw={220}
        placeholder={t('projects.unlimited')}
        value={typed.amount}
        onChange={(amount) => change({ ...typed, amount: typeof amount === 'number' ? amount : '' })}
        min={0}
        max={1024 * 1024}
        decimalScale={3}
        allowNegative={false}
        hideControls
        disabled={disabled}
        autoFocus={autoFocus}
      />
      <NativeSelect
        w={84}
        aria-label={t('common.unit')}
        data={[...storageUnits]}
        value={typed.unit}
        onChange={(event) => change({ ...typed, unit: event.currentTarget.value as StorageUnit })}
        disabled={disabled}
      />
    </Group>
  );
  return quiet ? (
    fields
  ) : (
    <Input.Wrapper id={id} label={label} styles={{ description: { marginBottom: 5 } }} {...(description ? { description } : {})}>
      {fields}
    </Input.Wrapper>
  );
}

function bytesOf({ amount, unit }: { amount: number | ''; unit: StorageUnit }): number {
  if (amount === '') return -1;
  const bytes = Math.round(amount * unitBytes(unit));
  return bytes >= 1 ? bytes : Number.NaN;
}
