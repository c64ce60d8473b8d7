import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cronTypes, usualCron } from '@/lib/cron';
import { CronField, isGoodCron, type CronValue } from '@/ui/CronField';
import { Refusal } from '@/ui/Refusal';
import { useCronWords } from '@/ui/useCronWords';
import { useUnsaved } from '@/ui/useUnsaved';

/** How a cron is chosen in the form: by the name of what is usual. */
export function chosenCron(cron: string): CronValue {
  if (cron === '') return { type: 'None', cron: '' };
  return { type: cronTypes.find((type) => type !== 'Custom' && usualCron[type] === cron) ?? 'Custom', cron };
}

interface Props {
  cron: string;
  mayChange: boolean;
  now: Date;
  onSave: (cron: string) => Promise<unknown>;
}

/** When the policy runs by itself. */
export function RetentionSchedule({ cron, mayChange, now, onSave }: Props) {
  const { t } = useTranslation();
  const words = useCronWords();
  const [value, setValue] = useState(() => chosenCron(cron));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const changed = value.cron.trim() !== cron;
  useUnsaved(changed);

  async function save() {
    setBusy(true);
    setError(undefined);
    try {
      await onSave(value.cron.trim());
    } catch (refusal) {
      setError(refusal);
    }
    setBusy(false);
  }
  if (!mayChange) {
    return (
      <Text size="sm">
        {t('retention.when')}: {cron === '' ? t('retention.never') : words(cron)}
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      <CronField label={t('retention.when')} none={t('retention.never')} value={value} onChange={setValue} now={now} />
      {error !== undefined && <Refusal error={error} />}
      {changed && (
        <Group gap="sm">
          <Button size="xs" loading={busy} disabled={!isGoodCron(value)} onClick={() => void save()}>
            {t('retention.saveSchedule')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setValue(chosenCron(cron))}>
            {t('common.discard')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
