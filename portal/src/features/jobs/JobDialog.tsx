import { Button, Code, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Execution, ExecutionTask } from '@/api/types';
import { parseTime } from '@/lib/time';
import { ErrorState } from '@/ui/ErrorState';
import { Facts } from '@/ui/Facts';
import { JobProgress, JobStatus } from '@/ui/JobStatus';
import { RetryIcon, StopIcon } from '@/ui/icons';
import { TimeAgo } from '@/ui/TimeAgo';
import { executionQuery, isUnfinished, tasksQuery } from './api';
import { useTriggerWords } from './ExecutionList';
import { Loaded } from './Loaded';
import { LogView } from './LogView';
import { useDuration } from './useDuration';
import { useKindName } from './useKindName';

interface Props {
  id: string;
  onStop: (id: number) => void;
  onRetry: (id: number) => void;
  onClose: () => void;
}

/** All that is known of one job: its state, its tasks, and its log while it is written. */
export function JobDialog({ id, onStop, onRetry, onClose }: Props) {
  const { t } = useTranslation();
  const kindName = useKindName();
  const execution = useQuery(executionQuery(id));
  const { data, error } = execution;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('jobs.title', { id, kind: data ? kindName(data.kind) : '…' })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {data === undefined && error ? (
        <ErrorState error={error} onRetry={() => void execution.refetch()} needs={t('role.systemAdministrator')} />
      ) : (
        <Loaded answer={execution}>{(known) => <Job execution={known} onStop={onStop} onRetry={onRetry} />}</Loaded>
      )}
    </Modal>
  );
}

function Job({ execution, onStop, onRetry }: { execution: Execution; onStop: (id: number) => void; onRetry: (id: number) => void }) {
  const { t } = useTranslation();
  const trigger = useTriggerWords();
  const running = isUnfinished(execution.status);
  const tasks = useQuery(tasksQuery(String(execution.id), running));
  const { progress } = execution;
  const retried = execution.status === 'Error' || execution.status === 'Stopped';
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [t('jobs.state'), <JobStatus key="state" status={execution.status} stopping={execution.stopping} />],
          ...(execution.status_message ? ([[t('jobs.message'), execution.status_message]] as [string, string][]) : []),
          [t('jobs.progress'), <JobProgress key="progress" {...progress} label={t('jobs.progress')} />],
          [t('jobs.who'), trigger(execution)],
          [t('jobs.created'), <TimeAgo key="created" time={execution.creation_time} />],
          [t('jobs.took'), <Took key="took" execution={execution} />],
          [t('jobs.parameters'), <Json key="parameters" value={execution.parameters} />],
          ...(execution.result ? ([[t('jobs.result'), <Json key="result" value={execution.result} />]] as [string, React.ReactNode][]) : []),
        ]}
      />
      <Group gap="sm">
        {running && (
          <Button size="xs" color="red" variant="light" disabled={execution.stopping === true} leftSection={<StopIcon size={16} />} onClick={() => onStop(execution.id)}>
            {t('jobs.stop')}
          </Button>
        )}
        {retried && (
          <Button size="xs" variant="light" leftSection={<RetryIcon size={16} />} onClick={() => onRetry(execution.id)}>
            {t('jobs.retry')}
          </Button>
        )}
      </Group>
      <Loaded answer={tasks}>
        {({ items }) => (
          <Stack gap="md">
            {items.map((task) => (
              <Task key={task.id} task={task} alone={items.length === 1} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}

function Task({ task, alone }: { task: ExecutionTask; alone: boolean }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" component="section" aria-label={t('jobs.task', { id: task.id })}>
      {!alone && (
        <Group justify="space-between" gap="sm">
          <Title order={3} size="h5">
            {t('jobs.task', { id: task.id })}
          </Title>
          <JobStatus status={task.status} stopping={task.stopping} />
          <JobProgress done={task.done} total={task.total} bytes={task.bytes} rate={task.rate} label={t('jobs.task', { id: task.id })} />
        </Group>
      )}
      {task.run_count > 1 && (
        <Text size="xs" c="dimmed">
          {t('jobs.attempt', { count: task.run_count })}
          {task.status_message ? ` · ${task.status_message}` : ''}
        </Text>
      )}
      <LogView task={task} />
    </Stack>
  );
}

function Took({ execution }: { execution: Execution }) {
  const duration = useDuration();
  const start = parseTime(execution.start_time);
  const end = parseTime(execution.end_time);
  return <>{start && end ? duration((end.getTime() - start.getTime()) / 1000) : '–'}</>;
}

const Json = ({ value }: { value: unknown }) => <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{JSON.stringify(value)}</Code>;
