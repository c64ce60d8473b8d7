import { Button, Checkbox, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CronField, isGoodCron } from '@/ui/CronField';
import { DeleteIcon, SearchIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { Refusal } from '@/ui/Refusal';
import { isGoodCollection, mostWorkers, type Collection, type Planned } from './api';
import { useDraft } from './useDraft';

interface Props {
  plan: Planned<Collection>;
  now: Date;
  onSave: (plan: Planned<Collection>) => Promise<unknown>;
  onList: (collection: Collection) => Promise<unknown>;
  onFree: (collection: Collection) => void;
  onEmpty: (collection: Collection) => void;
}

/** How a run frees, when it runs by itself, and a list of what would go before anything does. */
export function CollectionForm({ plan, now, onSave, onList, onFree, onEmpty }: Props) {
  const { t } = useTranslation();
  const { draft, set, changed, busy, error, during } = useDraft(plan);
  const good = isGoodCollection(draft);
  return (
    <Panel title={t('storage.run')} text={t('storage.runText')}>
      <Stack gap="lg">
        <Checkbox
          label={t('storage.untagged')}
          description={t('storage.untaggedText')}
          checked={draft.untagged}
          onChange={(event) => set({ untagged: event.currentTarget.checked })}
        />
        <NumberInput
          label={t('storage.workers')}
          error={!good && t('storage.workersBad')}
          value={Number.isNaN(draft.workers) ? '' : draft.workers}
          onChange={(workers) => set({ workers: typeof workers === 'number' ? workers : Number.NaN })}
          allowDecimal={false}
          allowNegative={false}
          max={mostWorkers * 10}
          styles={{ wrapper: { maxWidth: 160 } }}
        />
        <CronField label={t('storage.when')} none={t('storage.notByItself')} value={draft.when} onChange={(when) => set({ when })} now={now} />
        {error !== undefined && <Refusal error={error} />}
        <Group gap="sm">
          <Button loading={busy === 'save'} disabled={!changed || !good || !isGoodCron(draft.when)} onClick={() => void during('save', () => onSave(draft))}>
            {t('storage.save')}
          </Button>
          <Button
            variant="default"
            leftSection={<SearchIcon size={16} />}
            loading={busy === 'list'}
            disabled={!good}
            onClick={() => void during('list', () => onList(draft))}
          >
            {t('storage.list')}
          </Button>
          <Button variant="default" disabled={!good} onClick={() => onFree(draft)}>
            {t('storage.start')}
          </Button>
          <Button variant="light" color="red" leftSection={<DeleteIcon size={16} />} disabled={!good} onClick={() => onEmpty(draft)}>
            {t('storage.emptyBin')}
          </Button>
          {changed && (
            <Text size="sm" c="dimmed" role="status">
              {t('storage.changed')}
            </Text>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {t('storage.listText')} {t('storage.emptyBinText')}
        </Text>
      </Stack>
    </Panel>
  );
}
