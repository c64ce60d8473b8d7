import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { UpkeepStep } from '@/api/types';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { useFormat } from '@/ui/format';
import { FailureIcon, ProcessIcon, RecentIcon, SuccessIcon, WarningIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Answer } from './answer';
import { useDuration } from './useDuration';

/** What the server does for itself, step by step: what is wrong stands first. */
export function Upkeep({ upkeep }: { upkeep: Answer<UpkeepStep[]> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const wrong = upkeep.data?.filter(isWrong) ?? [];
  const columns: Column<UpkeepStep>[] = [
    { id: 'step', header: t('upkeep.step'), grow: true, cell: (step) => <Step step={step} /> },
    { id: 'often', header: t('upkeep.often'), above: 'md', cell: (step) => t('upkeep.every', { time: duration(step.every) }) },
    { id: 'took', header: t('upkeep.took'), align: 'right', above: 'sm', cell: (step) => <Took ms={step.took_ms} /> },
    {
      id: 'removed',
      header: t('upkeep.removed'),
      align: 'right',
      above: 'sm',
      cell: (step) =>
        step.total === 0 ? (
          '–'
        ) : (
          <Stack gap={1} align="flex-end">
            <span className="tabular">{format.number(step.removed)}</span>
            <Text size="xs" c="dimmed" component="div">
              <TimeAgo time={step.removed_time} /> · {t('upkeep.total', { total: format.number(step.total) })}
            </Text>
          </Stack>
        ),
    },
    {
      id: 'last',
      header: t('upkeep.last'),
      cell: (step) => (
        <Stack gap={1}>
          <StateMark state={step.state} />
          {step.start_time !== undefined && (
            <Text size="xs" c="dimmed" component="div">
              <TimeAgo time={step.start_time} />
            </Text>
          )}
        </Stack>
      ),
    },
  ];
  return (
    <Panel title={t('upkeep.title')} text={wrong.length > 0 ? t('upkeep.attention', { count: wrong.length }) : t('upkeep.text')} flush>
      <DataTable
        label={t('upkeep.title')}
        columns={columns}
        rows={upkeep.data?.toSorted((a, b) => Number(isWrong(b)) - Number(isWrong(a)))}
        rowKey={(step) => step.name}
        error={upkeep.error}
        onRetry={() => void upkeep.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        empty={<EmptyState icon={ProcessIcon} title={t('upkeep.none')} text={t('upkeep.noneText')} />}
      />
    </Panel>
  );
}

const isWrong = (step: UpkeepStep) => step.state === 'failing' || step.state === 'late';

function Step({ step }: { step: UpkeepStep }) {
  const { t, i18n } = useTranslation();
  // A server that is newer than this page may have steps that it has no words for.
  const known = i18n.exists(`upkeep.steps.${step.name}.name`);
  const name = step.name as 'tag_expiry';
  return (
    <Stack gap={1}>
      <Text size="sm" fw={550}>
        {known ? t(`upkeep.steps.${name}.name`) : step.name}
      </Text>
      {known && (
        <Text size="xs" c="dimmed">
          {t(`upkeep.steps.${name}.text`)}
        </Text>
      )}
      <Trouble step={step} />
    </Stack>
  );
}

/** Why a step fails, or failed last. */
function Trouble({ step }: { step: UpkeepStep }) {
  const { t } = useTranslation();
  const failing = step.state === 'failing';
  const color = failing ? 'var(--mantine-color-error)' : 'dimmed';
  return (
    <>
      {step.state === 'late' && (
        <Text size="xs" c="var(--mantine-color-error)">
          {t('upkeep.late')}
        </Text>
      )}
      {step.error !== undefined && (
        <>
          <Text size="xs" c={color} component="div">
            {t(failing ? 'upkeep.failingSince' : 'upkeep.failed')} <TimeAgo time={failing ? step.failing_since : step.error_time} />
            {failing && ` · ${t('upkeep.failures', { count: step.failures })} · ${t('jobs.process', { host: step.host ?? '–', pid: step.pid ?? 0 })}`}
          </Text>
          <Text size="xs" c={color} style={{ overflowWrap: 'anywhere' }} lineClamp={failing ? 6 : 2}>
            {step.error}
          </Text>
        </>
      )}
    </>
  );
}

function Took({ ms }: { ms: number | undefined }) {
  const { i18n } = useTranslation();
  const duration = useDuration();
  if (ms === undefined) return <>–</>;
  return <span className="tabular">{ms < 1000 ? new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'millisecond', unitDisplay: 'short' }).format(ms) : duration(ms / 1000)}</span>;
}

const signs = { waiting: RecentIcon, fine: SuccessIcon, late: WarningIcon, failing: FailureIcon };

function StateMark({ state }: { state: UpkeepStep['state'] }) {
  const { t } = useTranslation();
  const Sign = signs[state];
  const color = state === 'fine' ? 'var(--mantine-color-green-light-color)' : state === 'waiting' ? 'currentColor' : 'var(--mantine-color-error)';
  return (
    <Group gap={6} wrap="nowrap" style={{ whiteSpace: 'nowrap' }}>
      <Sign size={16} color={color} aria-hidden />
      <Text span size="sm" {...(state === 'failing' || state === 'late' ? { c: color } : {})}>
        {t(`upkeep.states.${state}`)}
      </Text>
    </Group>
  );
}
