import { Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ActivityDay, Project, ProjectSummary } from '@/api/types';
import { useFormat } from '@/ui/format';
import { LazyActivityCharts } from '@/ui/charts/LazyActivityCharts';
import { Facts } from '@/ui/Facts';
import { RoleMark } from '@/ui/Marks';
import { Panel } from '@/ui/Panel';
import { PushCommands } from '@/ui/PushCommands';
import { Size } from '@/ui/Size';
import { TimeAgo } from '@/ui/TimeAgo';

interface Props {
  host: string;
  project: Project | undefined;
  summary: ProjectSummary | undefined;
  activity: { data: ActivityDay[] | undefined; error: unknown; refetch: () => unknown };
  mayPush: boolean;
}

/** Beside the list: how full the project is, what the reader is in it, and how to push. */
export function ProjectFacts({ host, project, summary, activity, mayPush }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="lg" miw={0}>
      <Panel title={t('projects.about')}>
        <Stack gap="md">
          {summary?.quota && <Quota used={summary.quota.used?.storage ?? 0} hard={summary.quota.hard?.storage ?? -1} recoverable={summary.quota.recoverable?.storage ?? 0} />}
          <Facts
            facts={[
              [t('projects.role'), <RoleMark key="role" role={project?.current_user_role_id} />],
              [t('projects.owner'), project?.owner_name || '–'],
              [t('common.created'), <TimeAgo key="created" time={project?.creation_time} />],
            ]}
          />
        </Stack>
      </Panel>
      {mayPush && project && (
        <Panel title={t('projects.push')}>
          <PushCommands host={host} project={project.name} />
        </Panel>
      )}
      <Panel title={t('charts.title')}>
        <LazyActivityCharts activity={activity} />
      </Panel>
    </Stack>
  );
}

function Quota({ used, hard, recoverable }: { used: number; hard: number; recoverable: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const unlimited = hard <= 0;
  const share = unlimited ? 0 : Math.min(used / hard, 1);
  return (
    <Stack gap={6}>
      <Text size="sm">
        <Text span inherit fw={650}>
          <Size bytes={used} />
        </Text>{' '}
        <Text span inherit c="dimmed">
          {unlimited ? t('projects.usedUnlimited') : t('projects.usedOf', { limit: format.bytes(hard), share: format.percent(share) })}
        </Text>
      </Text>
      {recoverable > 0 && (
        <Text size="xs" c="dimmed">
          {t('projects.recoverable', { size: format.bytes(recoverable) })}
        </Text>
      )}
      {!unlimited && (
        <Progress
          value={share * 100}
          color={share > 0.9 ? 'red' : share > 0.75 ? 'amber' : 'harbour'}
          size="sm"
          aria-label={t('projects.quota')}
        />
      )}
    </Stack>
  );
}
