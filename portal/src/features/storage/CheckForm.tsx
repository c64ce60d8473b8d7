import { Button, Checkbox, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ExecHistory } from '@/api/types';
import { CronField, isGoodCron } from '@/ui/CronField';
import { useFormat } from '@/ui/format';
import { RunIcon } from '@/ui/icons';
import { JobProgress, JobStatus } from '@/ui/JobStatus';
import { Panel } from '@/ui/Panel';
import { Refusal } from '@/ui/Refusal';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import { isGoodCheck, isUnfinished, mostRate, parametersOf, type Check, type Planned } from './api';
import { useDraft } from './useDraft';

interface Props {
  plan: Planned<Check>;
  last: ExecHistory | undefined;
  now: Date;
  onSave: (plan: Planned<Check>) => Promise<unknown>;
  onStart: (check: Check) => Promise<unknown>;
}

/** When the storage is compared with the index, and how thoroughly. */
export function CheckForm({ plan, last, now, onSave, onStart }: Props) {
  const { t } = useTranslation();
  const { draft, set, changed, busy, error, during } = useDraft(plan);
  const good = isGoodCheck(draft);
  return (
    <Panel title={t('storage.check')} text={t('storage.checkText')}>
      <Stack gap="lg">
        <Checkbox
          label={t('storage.verify')}
          description={t('storage.verifyText')}
          checked={draft.verify}
          onChange={(event) => set({ verify: event.currentTarget.checked })}
        />
        <NumberInput
          label={t('storage.rate')}
          error={!good && t('storage.rateBad')}
          suffix={` ${t('storage.rateUnit')}`}
          value={Number.isNaN(draft.rate) ? '' : draft.rate}
          onChange={(rate) => set({ rate: typeof rate === 'number' ? rate : Number.NaN })}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          max={mostRate * 10}
          styles={{ wrapper: { maxWidth: 240 } }}
        />
        <CronField label={t('storage.when')} none={t('storage.notByItself')} value={draft.when} onChange={(when) => set({ when })} now={now} />
        {error !== undefined && <Refusal error={error} />}
        <Group gap="sm">
          <Button loading={busy === 'save'} disabled={!changed || !good || !isGoodCron(draft.when)} onClick={() => void during('save', () => onSave(draft))}>
            {t('storage.save')}
          </Button>
          <Button
            variant="default"
            leftSection={<RunIcon size={16} />}
            loading={busy === 'start'}
            disabled={!good || (last !== undefined && isUnfinished(last.job_status))}
            onClick={() => void during('start', () => onStart(draft))}
          >
            {t('storage.startCheck')}
          </Button>
          {changed && (
            <Text size="sm" c="dimmed" role="status">
              {t('storage.changed')}
            </Text>
          )}
        </Group>
        <LastCheck last={last} />
      </Stack>
    </Panel>
  );
}

function LastCheck({ last }: { last: ExecHistory | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!last) {
    return (
      <Text size="sm" c="dimmed">
        {t('storage.lastCheck')}: {t('storage.never')}
      </Text>
    );
  }
  const { objects, bytes } = parametersOf(last);
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        {t('storage.lastCheck')}:
      </Text>
      <TextLink to="/jobs" search={{ entry: String(last.id) }} size="sm">
        <span className="tabular">#{last.id}</span> <TimeAgo time={last.creation_time} />
      </TextLink>
      <JobStatus status={last.job_status} />
      {last.progress && isUnfinished(last.job_status) && <JobProgress {...last.progress} label={t('storage.lastCheck')} />}
      {objects !== undefined && (
        <Text size="sm" c="dimmed">
          {t('storage.found', { objects: format.number(objects), size: format.bytes(bytes ?? 0) })}
        </Text>
      )}
    </Group>
  );
}
