import { NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { cronTypes, isFault, nextRun, parseCron, usualCron, type CronFault, type CronType } from '@/lib/cron';
import { formatExact } from '@/lib/time';
import { useCronWords } from './useCronWords';

export interface CronValue {
  type: CronType | 'None';
  cron: string;
}

interface Props {
  label: string;
  value: CronValue;
  onChange: (value: CronValue) => void;
  /** what "not at all" is called, where that is a choice */
  none?: string;
  now: Date;
}

export const isGoodCron = (value: CronValue): boolean => value.type === 'None' || !isFault(parseCron(value.cron));

/** When something happens by itself: six fields behind a choice of what is usual, in words, with the next time. */
export function CronField({ label, value, onChange, none, now }: Props) {
  const { t, i18n } = useTranslation();
  const words = useCronWords();
  const hint = useId();
  const parsed = value.type === 'None' ? undefined : parseCron(value.cron);
  const fault = parsed && isFault(parsed) ? parsed : undefined;
  const next = parsed && !isFault(parsed) ? nextRun(parsed, now) : undefined;

  function choose(type: CronValue['type']) {
    if (type === 'None') onChange({ type, cron: '' });
    else onChange({ type, cron: type === 'Custom' ? value.cron || usualCron.Daily : usualCron[type] });
  }
  return (
    <Stack gap="xs">
      <NativeSelect
        label={label}
        value={value.type}
        onChange={(event) => choose(event.currentTarget.value as CronValue['type'])}
        data={[...(none ? [{ value: 'None', label: none }] : []), ...cronTypes.map((type) => ({ value: type, label: t(`schedules.types.${type}`) }))]}
        styles={{ wrapper: { maxWidth: 320 } }}
      />
      {value.type === 'Custom' && (
        <TextInput
          label={t('schedules.cron')}
          description={t('schedules.cronText')}
          value={value.cron}
          onChange={(event) => onChange({ type: 'Custom', cron: event.currentTarget.value })}
          error={fault && <FaultWords fault={fault} />}
          styles={{ wrapper: { maxWidth: 320 }, input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={hint}
        />
      )}
      {next && (
        <Text size="sm" c="dimmed" id={hint} role="status">
          {words(value.cron)} {t('schedules.next', { time: formatExact(next, i18n.language) })}
        </Text>
      )}
    </Stack>
  );
}

function FaultWords({ fault }: { fault: CronFault }) {
  const { t } = useTranslation();
  switch (fault.kind) {
    case 'count':
      return t('schedules.fault.count', { count: fault.found });
    case 'field':
      return fault.field === 'seconds' ? t('schedules.fault.seconds') : t('schedules.fault.field', { field: t(`schedules.fields.${fault.field}`) });
    case 'never':
      return t('schedules.fault.never');
  }
}
