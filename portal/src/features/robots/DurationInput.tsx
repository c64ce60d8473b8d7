import { Alert, Group, NativeSelect, NumberInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';
import { WarningIcon } from '@/ui/icons';
import { durations, endOf, isDuration, longest } from './expiry';

interface Props {
  /** days; -1: for ever */
  duration: number;
  /** when the days begin */
  from: number;
  onChange: (duration: number) => void;
}

/** How long the robot lasts, with the date that this means; for ever only with a warning. */
export function DurationInput({ duration, from, onChange }: Props) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const usual = (days: number) => days === -1 || durations.some((each) => each === days);
  const [other, setOther] = useState(() => !usual(duration));
  const end = isDuration(duration) ? endOf(duration, from) : undefined;

  function choose(value: string) {
    setOther(value === 'other');
    if (value !== 'other') onChange(Number(value));
  }
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <NativeSelect
          label={t('robots.lasts')}
          flex={1}
          data={[
            ...durations.map((days) => ({ value: String(days), label: t('robots.days', { count: days }) })),
            { value: 'other', label: t('robots.otherDuration') },
            { value: '-1', label: t('robots.forever') },
          ]}
          value={other ? 'other' : String(duration)}
          onChange={(event) => choose(event.currentTarget.value)}
          {...(end ? { description: t('robots.lastsOn', { date: new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(end) }) } : {})}
          inputWrapperOrder={['label', 'input', 'description']}
        />
        {other && (
          <NumberInput
            label={t('robots.daysLabel')}
            w={110}
            min={1}
            max={longest}
            allowDecimal={false}
            allowNegative={false}
            value={duration > 0 ? duration : ''}
            onChange={(value) => onChange(typeof value === 'number' ? value : 0)}
            {...(end ? { description: '\u00a0', inputWrapperOrder: ['label', 'input', 'description'] as const } : {})}
          />
        )}
      </Group>
      {duration === -1 && !other && (
        <Alert color="amber" icon={<WarningIcon size={18} />} p="sm">
          {t('robots.foreverText')}
        </Alert>
      )}
    </Stack>
  );
}
