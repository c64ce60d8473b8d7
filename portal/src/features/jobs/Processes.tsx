import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/ui/EmptyState';
import { ProcessIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Process } from './api';
import { Loaded } from './Loaded';
import type { Answer } from './answer';
import { useKindName } from './useKindName';
import classes from './Jobs.module.css';

/** The servers that run jobs, and what each of them works on. */
export function Processes({ processes }: { processes: Answer<Process[]> }) {
  const { t } = useTranslation();
  const kindName = useKindName();
  return (
    <Panel title={t('jobs.workers')} text={t('jobs.workersText')} flush>
      <Loaded answer={processes}>
        {(data) =>
          data.length === 0 ? (
            <EmptyState icon={ProcessIcon} title={t('jobs.noWorkers')} text={t('jobs.noWorkersText')} />
          ) : (
            <ul className={classes.rows}>
              {data.map((process) => (
                <li key={process.worker_pool_id} className={classes.row}>
                  <Stack gap={2}>
                    <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
                      {t('jobs.process', { host: process.host ?? '–', pid: process.pid })}
                    </Text>
                    <Text size="xs" c="dimmed" component="div">
                      {t('jobs.busy', { busy: process.busy.length, places: process.concurrency })} · {t('jobs.since')} <TimeAgo time={process.start_at} />
                    </Text>
                    {process.busy.map((worker) => (
                      <Text key={worker.id} size="xs" className="tabular">
                        {kindName(worker.job_name ?? '')} {worker.check_in ?? ''}
                      </Text>
                    ))}
                    {process.busy.length === 0 && (
                      <Text size="xs" c="dimmed">
                        {t('jobs.idle')}
                      </Text>
                    )}
                  </Stack>
                  <Text size="xs" c="dimmed" component="div">
                    {t('jobs.seen')} <TimeAgo time={process.heartbeat_at} />
                  </Text>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
