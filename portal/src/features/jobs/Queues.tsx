import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JobQueue } from '@/api/types';
import { DeleteIcon, PauseIcon, RunIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { Panel } from '@/ui/Panel';
import { RowMenu } from '@/ui/RowMenu';
import { Loaded } from './Loaded';
import type { Answer } from './answer';
import { useDuration } from './useDuration';
import { useKindName } from './useKindName';
import classes from './Jobs.module.css';

interface Props {
  queues: Answer<JobQueue[]>;
  onPause: (queue: JobQueue, paused: boolean) => void;
  onEmpty: (queue: JobQueue) => void;
}

export function Queues({ queues, onPause, onEmpty }: Props) {
  const { t } = useTranslation();
  const kindName = useKindName();
  return (
    <Panel title={t('jobs.queues')} flush>
      <Loaded answer={queues}>
        {(data) => (
          <ul className={classes.rows}>
            {data.map((queue) => (
              <li key={queue.job_type} className={classes.row}>
                <div>
                  <Group gap="xs">
                    <Text size="sm" fw={550}>
                      {kindName(queue.job_type)}
                    </Text>
                    {queue.paused && (
                      <Badge color="amber" leftSection={<PauseIcon size={12} />}>
                        {t('jobs.paused')}
                      </Badge>
                    )}
                  </Group>
                  <Numbers queue={queue} />
                </div>
                <RowMenu label={t('common.actionsFor', { name: kindName(queue.job_type) })}>
                  <Menu.Item leftSection={queue.paused ? <RunIcon size={16} /> : <PauseIcon size={16} />} onClick={() => onPause(queue, !queue.paused)}>
                    {queue.paused ? t('jobs.resume') : t('jobs.pause')}
                  </Menu.Item>
                  {(queue.count ?? 0) > 0 && (
                    <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => onEmpty(queue)}>
                      {t('jobs.stopWaiting')}
                    </Menu.Item>
                  )}
                </RowMenu>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function Numbers({ queue }: { queue: JobQueue }) {
  const { t } = useTranslation();
  const duration = useDuration();
  const words = [
    queue.job_type !== 'SCHEDULER' && `${t('jobs.waiting')}: ${queue.count ?? 0}`,
    queue.latency !== undefined && queue.latency > 0 && t('jobs.waitsFor', { time: duration(queue.latency) }),
    queue.job_type !== 'SCHEDULER' && `${t('jobs.running')}: ${queue.running ?? 0}`,
    queue.paused && t('jobs.pausedBy', { name: queue.paused_by ?? '–' }),
    queue.job_type === 'SCHEDULER' && !queue.paused && t('jobs.open'),
  ].filter(Boolean);
  return (
    <Text size="xs" c="dimmed" className="tabular">
      {words.join(' · ')}
    </Text>
  );
}
