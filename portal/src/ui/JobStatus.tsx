import { Group, Loader, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from './format';
import { FailureIcon, RecentIcon, StopIcon, SuccessIcon } from './icons';

const known = ['Pending', 'Running', 'Scheduled', 'Stopped', 'Error', 'Success'] as const;
export type JobState = (typeof known)[number];

interface Props {
  status: string;
  /** somebody asked to stop it */
  stopping?: boolean | undefined;
}

/** How a job fares: a sign and a word. Needs the texts of the area "schedules". */
export function JobStatus({ status, stopping = false }: Props) {
  const { t } = useTranslation();
  const state = known.find((each) => each === status);
  const color = state === 'Error' ? 'var(--mantine-color-error)' : undefined;
  return (
    <Group gap={6} wrap="nowrap" style={{ whiteSpace: 'nowrap' }}>
      <Sign state={state} />
      <Text span size="sm" {...(color ? { c: color } : {})}>
        {stopping && state === 'Running' ? t('schedules.status.stopping') : state ? t(`schedules.status.${state}`) : status}
      </Text>
    </Group>
  );
}

function Sign({ state }: { state: JobState | undefined }) {
  switch (state) {
    case 'Running':
      return <Loader size={14} aria-hidden />;
    case 'Success':
      return <SuccessIcon size={16} color="var(--mantine-color-green-light-color)" aria-hidden />;
    case 'Error':
      return <FailureIcon size={16} color="var(--mantine-color-error)" aria-hidden />;
    case 'Stopped':
      return <StopIcon size={16} aria-hidden />;
    default:
      return <RecentIcon size={16} aria-hidden />;
  }
}

interface ProgressProps {
  done: number;
  total?: number | undefined;
  bytes?: number | undefined;
  /** bytes a second */
  rate?: number | undefined;
  label: string;
}

/** How far it has come, where that is known. */
export function JobProgress({ done, total = 0, bytes = 0, rate = 0, label }: ProgressProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (total === 0 && done === 0 && bytes === 0) return <>–</>;
  const words = [
    total > 0 ? t('schedules.doneOf', { done: format.number(done), total: format.number(total) }) : format.number(done),
    bytes > 0 && format.bytes(bytes),
    rate > 0 && t('schedules.rate', { size: format.bytes(rate) }),
  ];
  return (
    <Group gap={8} wrap="nowrap" miw={120}>
      {total > 0 && <Progress flex={1} miw={60} size="sm" value={Math.min(1, done / total) * 100} aria-label={label} />}
      <Text span size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>
        {words.filter(Boolean).join(' · ')}
      </Text>
    </Group>
  );
}
