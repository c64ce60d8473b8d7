import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { Execution, JobQueue, Schedule, UpkeepStep } from '@/api/types';
import type { Search } from '@/lib/search';
import { PageHeader } from '@/ui/PageHeader';
import type { Process } from './api';
import type { Answer } from './answer';
import { ExecutionList } from './ExecutionList';
import { Processes } from './Processes';
import { Queues } from './Queues';
import { Schedules } from './Schedules';
import { Upkeep } from './Upkeep';
import classes from './Jobs.module.css';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  queues: Answer<JobQueue[]>;
  executions: Answer<Page<Execution>>;
  schedules: Answer<Page<Schedule>>;
  processes: Answer<Process[]>;
  upkeep: Answer<UpkeepStep[]>;
  onOpen: (execution: Execution) => void;
  onStop: (execution: Execution) => void;
  onRetry: (execution: Execution) => void;
  onPause: (queue: JobQueue, paused: boolean) => void;
  onEmpty: (queue: JobQueue) => void;
  onRun: (schedule: Schedule) => void;
}

/** What runs and what failed first; beside it what waits and who does the work; below what the server does for itself. */
export function JobsView(props: Props) {
  const { t } = useTranslation();
  const schedulesPaused = props.queues.data?.find((queue) => queue.job_type === 'SCHEDULER')?.paused === true;
  return (
    <>
      <PageHeader title={t('nav.jobs')} text={t('jobs.text')} />
      <Stack gap="lg">
        <div className={classes.columns}>
          <Stack gap="lg" miw={0}>
            <ExecutionList
              search={props.search}
              onSearch={props.onSearch}
              executions={props.executions}
              kinds={props.queues.data?.map((queue) => queue.job_type).filter((kind) => kind !== 'SCHEDULER') ?? []}
              onOpen={props.onOpen}
              onStop={props.onStop}
              onRetry={props.onRetry}
            />
            <Schedules schedules={props.schedules} paused={schedulesPaused} onRun={props.onRun} />
          </Stack>
          <Stack gap="lg" miw={0}>
            <Queues queues={props.queues} onPause={props.onPause} onEmpty={props.onEmpty} />
            <Processes processes={props.processes} />
          </Stack>
        </div>
        <Upkeep upkeep={props.upkeep} />
      </Stack>
    </>
  );
}
