import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { faultOf } from '@/lib/doublestar';
import type { Half } from './rule';

/** "matching" or "not matching", and a pattern. */
export function HalfInput({ label, text, half, onChange }: { label: string; text?: string; half: Half; onChange: (half: Half) => void }) {
  const { t } = useTranslation();
  const fault = faultOf(half.pattern);
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <NativeSelect
        label={label}
        w={150}
        data={[
          { value: 'match', label: t('policies.matching') },
          { value: 'except', label: t('policies.except') },
        ]}
        value={half.except ? 'except' : 'match'}
        onChange={(event) => onChange({ ...half, except: event.currentTarget.value === 'except' })}
      />
      <TextInput
        flex={1}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        aria-label={t('policies.patternOf', { what: label })}
        {...(text ? { placeholder: text } : {})}
        value={half.pattern}
        onChange={(event) => onChange({ ...half, pattern: event.currentTarget.value.trim() })}
        error={fault !== undefined && t(`policies.fault.${fault}`)}
        inputWrapperOrder={['label', 'error', 'input']}
        spellCheck={false}
        autoComplete="off"
        maxLength={255}
      />
    </Group>
  );
}
