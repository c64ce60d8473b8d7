import { Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CronField, isGoodCron } from '@/ui/CronField';
import { useFormat } from '@/ui/format';
import { DeleteIcon, SearchIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { Refusal } from '@/ui/Refusal';
import { useUnsaved } from '@/ui/useUnsaved';
import { isGoodPurge, mostHours, otherEvents, type Purge, type PurgePlan } from './purgeApi';
import { useWords } from './useWords';

interface Props {
  plan: PurgePlan;
  /** every kind of entry that can be chosen */
  types: string[];
  now: Date;
  onSave: (plan: PurgePlan) => Promise<unknown>;
  onCount: (purge: Purge) => Promise<unknown>;
  onDelete: (purge: Purge) => void;
}

const same = (a: PurgePlan, b: PurgePlan) =>
  a.hours === b.hours && a.when.type === b.when.type && a.when.cron === b.when.cron && [...a.types].sort().join() === [...b.types].sort().join();

/** How long which entries are kept, when the rest is deleted, and a count before anything is. */
export function PurgeForm({ plan, types, now, onSave, onCount, onDelete }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useEventName();
  const [draft, setDraft] = useState(plan);
  const [busy, setBusy] = useState<'save' | 'count'>();
  const [error, setError] = useState<unknown>();
  const changed = !same(draft, plan);
  useUnsaved(changed);
  const good = isGoodPurge(draft);
  const goodHours = isGoodPurge({ ...draft, types: ['any'] });

  async function during(what: 'save' | 'count', run: () => Promise<unknown>) {
    setBusy(what);
    setError(undefined);
    try {
      await run();
    } catch (refusal) {
      setError(refusal);
    }
    setBusy(undefined);
  }
  return (
    <Panel title={t('purge.title')} text={t('purge.text')}>
      <Stack gap="lg">
        <NumberInput
          label={t('purge.hours')}
          description={goodHours ? t('purge.hoursText', { days: format.number(Math.floor(draft.hours / 24)) }) : undefined}
          error={!goodHours && t('purge.hoursBad')}
          suffix={` ${t('purge.hoursUnit')}`}
          value={Number.isNaN(draft.hours) ? '' : draft.hours}
          onChange={(hours) => setDraft({ ...draft, hours: typeof hours === 'number' ? hours : Number.NaN })}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          max={mostHours * 10}
          styles={{ wrapper: { maxWidth: 320 } }}
        />
        <Checkbox.Group
          label={t('purge.types')}
          error={draft.types.length === 0 && t('purge.typesBad')}
          value={draft.types}
          onChange={(chosen) => setDraft({ ...draft, types: chosen })}
        >
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="xs" mt="xs">
            {types.map((type) => (
              <Checkbox key={type} value={type} label={name(type)} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Checkbox
          label={t('purge.all')}
          checked={types.every((type) => draft.types.includes(type))}
          indeterminate={draft.types.length > 0 && !types.every((type) => draft.types.includes(type))}
          onChange={(event) => setDraft({ ...draft, types: event.currentTarget.checked ? types : [] })}
        />
        <CronField label={t('purge.when')} none={t('purge.notByItself')} value={draft.when} onChange={(when) => setDraft({ ...draft, when })} now={now} />
        {error !== undefined && <Refusal error={error} />}
        <Group gap="sm">
          <Button loading={busy === 'save'} disabled={!changed || !good || !isGoodCron(draft.when)} onClick={() => void during('save', () => onSave(draft))}>
            {t('purge.save')}
          </Button>
          <Button variant="default" leftSection={<SearchIcon size={16} />} loading={busy === 'count'} disabled={!good} onClick={() => void during('count', () => onCount(draft))}>
            {t('purge.dryRun')}
          </Button>
          <Button variant="light" color="red" leftSection={<DeleteIcon size={16} />} disabled={!good} onClick={() => onDelete(draft)}>
            {t('purge.runNow')}
          </Button>
          {changed && (
            <Text size="sm" c="dimmed" role="status">
              {t('purge.changed')}
            </Text>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {t('purge.dryRunText')}
        </Text>
      </Stack>
    </Panel>
  );
}

/** "create_artifact" in words. */
function useEventName() {
  const { t } = useTranslation();
  const words = useWords();
  return (type: string): string => {
    if (type === otherEvents) return t('purge.other');
    const [operation = '', ...kind] = type.split('_');
    return `${words.operation({ operation })} · ${words.kind({ resource_type: kind.join('_') })}`;
  };
}
