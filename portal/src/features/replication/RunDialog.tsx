import { Button, Group, Modal, Skeleton, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReplicationExecution, ReplicationTask } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { Facts } from '@/ui/Facts';
import { RetryIcon, StopIcon } from '@/ui/icons';
import { JobProgress, JobStatus } from '@/ui/JobStatus';
import { Pager } from '@/ui/Pager';
import { TimeAgo } from '@/ui/TimeAgo';
import { isUnfinished, runQuery, stateOf, tasksQuery, tasksSize } from './api';
import { Counts } from './Counts';
import { RunLog } from './RunLog';
import { useTriggerWords } from './RunList';
import classes from './Replication.module.css';

interface Props {
  id: string;
  onStop: (id: number) => void;
  onRetry: (id: number) => void;
  onClose: () => void;
}

/** One run of a policy: how far it is, what failed first, and the log of each part. */
export function RunDialog({ id, onStop, onRetry, onClose }: Props) {
  const { t } = useTranslation();
  const run = useQuery(runQuery(id));
  const { data, error } = run;
  return (
    <Modal opened onClose={onClose} size="xl" title={t('replication.runTitle', { id })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {data === undefined && error ? (
        <ErrorState error={error} onRetry={() => void run.refetch()} needs={t('role.systemAdministrator')} />
      ) : data === undefined ? (
        <Stack p="lg" gap={20} aria-busy>
          {[80, 66, 72].map((width) => (
            <Skeleton key={width} height={16} width={`${width}%`} />
          ))}
        </Stack>
      ) : (
        <Run run={data} onStop={onStop} onRetry={onRetry} />
      )}
    </Modal>
  );
}

function Run({ run, onStop, onRetry }: { run: ReplicationExecution; onStop: (id: number) => void; onRetry: (id: number) => void }) {
  const { t } = useTranslation();
  const trigger = useTriggerWords();
  const [page, setPage] = useState(1);
  const [opened, setOpened] = useState<number>();
  const running = isUnfinished(run.status);
  const tasks = useQuery(tasksQuery(String(run.id), page, running));
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [t('replication.state'), <JobStatus key="state" status={stateOf(run.status)} stopping={run.stopping} />],
          ...(run.status_text ? ([[t('replication.message'), run.status_text]] as [string, string][]) : []),
          [t('replication.tasks'), <Counts key="tasks" run={run} />],
          [t('replication.progress'), <JobProgress key="progress" done={run.done ?? 0} total={run.items} bytes={run.bytes} rate={run.rate} label={t('replication.progress')} />],
          [t('replication.who'), trigger(run)],
          [t('replication.started'), <TimeAgo key="started" time={run.start_time} />],
        ]}
      />
      <Group gap="sm">
        {running && (
          <Button size="xs" color="red" variant="light" disabled={run.stopping === true} leftSection={<StopIcon size={16} />} onClick={() => onStop(run.id)}>
            {t('replication.stop')}
          </Button>
        )}
        {(run.status === 'Failed' || run.status === 'Stopped') && (
          <Button size="xs" variant="light" leftSection={<RetryIcon size={16} />} onClick={() => onRetry(run.id)}>
            {t('replication.retry')}
          </Button>
        )}
      </Group>
      {tasks.data === undefined && tasks.error ? (
        <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} needs={t('role.systemAdministrator')} />
      ) : tasks.data && tasks.data.items.length > 0 ? (
        <section aria-label={t('replication.parts')}>
          <Title order={3} size="h5">
            {t('replication.parts')}
          </Title>
          <ul className={classes.tasks}>
            {tasks.data.items.map((task) => (
              <li key={task.id} className={classes.task}>
                <Task task={task} opened={opened === task.id} onToggle={() => setOpened(opened === task.id ? undefined : task.id)} />
                {opened === task.id && <RunLog run={String(run.id)} task={task.id} attempt={task.run_count ?? 1} running={isUnfinished(task.status)} />}
              </li>
            ))}
          </ul>
          <Pager page={page} pageSize={tasksSize} total={tasks.data.total} onPage={setPage} />
        </section>
      ) : (
        tasks.data && <RunLog run={String(run.id)} task={undefined} attempt={1} running={running} />
      )}
    </Stack>
  );
}

function Task({ task, opened, onToggle }: { task: ReplicationTask; opened: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const operations = { copy: 'copy', deletion: 'deletion', 'tag deletion': 'untag' } as const;
  const operation = operations[task.operation as keyof typeof operations] as (typeof operations)[keyof typeof operations] | undefined;
  const nameOf = (resource: string) => resource.replace(/ \[.*$/, '');
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="sm">
        <UnstyledButton className={classes.name} aria-expanded={opened} onClick={onToggle}>
          {t(operation ? `replication.does.${operation}` : 'replication.does.copy', { from: nameOf(task.src_resource), to: nameOf(task.dst_resource) })}
        </UnstyledButton>
        <JobStatus status={stateOf(task.status)} />
      </Group>
      <Group gap="sm">
        <JobProgress done={task.done ?? 0} total={task.items} bytes={task.bytes} rate={task.rate} label={nameOf(task.src_resource)} />
        {(task.run_count ?? 1) > 1 && (
          <Text span size="xs" c="dimmed">
            {t('replication.attempt', { count: task.run_count })}
          </Text>
        )}
      </Group>
      {task.status_text && (
        <Text size="xs" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
          {task.status_text}
        </Text>
      )}
    </Stack>
  );
}
