import { Modal, Stack, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RetentionTask } from '@/api/types';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { useFormat } from '@/ui/format';
import { RepositoryIcon } from '@/ui/icons';
import { JobStatus } from '@/ui/JobStatus';
import { refusalText } from '@/ui/refusalText';
import classes from './Policies.module.css';
import { isUnfinished, taskLogQuery, tasksQuery, tasksShown } from './retentionApi';

interface Props {
  policy: number;
  run: number;
  onClose: () => void;
}

/** One run: what became of each repository, with its log. */
export function RetentionRunDialog({ policy, run, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<number>();
  const tasks = useQuery(tasksQuery(policy, run, page));
  const task = tasks.data?.items.find((each) => each.id === chosen);
  const columns: Column<RetentionTask>[] = [
    {
      id: 'repository',
      header: t('retention.repository'),
      grow: true,
      cell: (each) => (
        <UnstyledButton className={classes.name} aria-expanded={each.id === chosen} onClick={() => setChosen(each.id === chosen ? undefined : each.id)}>
          {each.repository}
        </UnstyledButton>
      ),
    },
    { id: 'total', header: t('retention.total'), align: 'right', cell: (each) => <Count value={isUnfinished(each.status) ? undefined : each.total} /> },
    { id: 'retained', header: t('retention.retained'), align: 'right', above: 'sm', cell: (each) => <Count value={isUnfinished(each.status) ? undefined : each.retained} /> },
    { id: 'deleted', header: t('retention.deleted'), align: 'right', cell: (each) => <Count value={isUnfinished(each.status) ? undefined : each.total - each.retained} /> },
    { id: 'status', header: t('retention.runStatus'), cell: (each) => <JobStatus status={each.status} /> },
  ];
  return (
    <Modal opened onClose={onClose} size="xl" title={t('retention.runTitle', { id: format.number(run) })} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        <DataTable
          label={t('retention.tasks')}
          columns={columns}
          rows={tasks.data?.items}
          rowKey={(each) => each.id}
          error={tasks.error}
          onRetry={() => void tasks.refetch()}
          stale={tasks.isPlaceholderData}
          page={page}
          pageSize={tasksShown}
          total={tasks.data?.total ?? 0}
          onPage={setPage}
          empty={<EmptyState icon={RepositoryIcon} title={t('retention.noTasks')} text={t('retention.noTasksText')} />}
        />
        {task ? (
          <Log key={task.id} policy={policy} run={run} task={task} />
        ) : (
          tasks.data !== undefined &&
          tasks.data.items.length > 0 && (
            <Text size="xs" c="dimmed">
              {t('retention.chooseTask')}
            </Text>
          )
        )}
      </Stack>
    </Modal>
  );
}

function Count({ value }: { value: number | undefined }) {
  const format = useFormat();
  return <span className="tabular">{value === undefined ? '–' : format.number(value)}</span>;
}

function Log({ policy, run, task }: { policy: number; run: number; task: RetentionTask }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(taskLogQuery(policy, run, task));
  return (
    <Stack gap={6} component="section" aria-label={t('retention.logOf', { repository: task.repository })}>
      <Text size="sm" fw={600}>
        {t('retention.logOf', { repository: task.repository })}
      </Text>
      {task.status_message && (
        <Text size="sm" c="var(--mantine-color-error)">
          {task.status_message}
        </Text>
      )}
      {error && data === undefined ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {refusalText(error)}
        </Text>
      ) : (
        <pre className={classes.log} role="log" aria-label={t('retention.logOf', { repository: task.repository })} aria-busy={data === undefined} tabIndex={0}>
          {data === '' ? t('retention.noLog') : data}
        </pre>
      )}
    </Stack>
  );
}
