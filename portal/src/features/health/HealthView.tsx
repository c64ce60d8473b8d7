import { Code, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActivityDay, SystemInfo } from '@/api/types';
import { LazyActivityCharts } from '@/ui/charts/LazyActivityCharts';
import { ErrorState } from '@/ui/ErrorState';
import { Facts } from '@/ui/Facts';
import { useFormat } from '@/ui/format';
import { FailureIcon, SuccessIcon } from '@/ui/icons';
import { Meter } from '@/ui/Meter';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import type { Component, Health, Statistics, Volume } from './api';
import classes from './Health.module.css';

interface Answer<T> {
  data: T | undefined;
  error: unknown;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

interface Props {
  health: Answer<Health>;
  volumes: Answer<Volume[]>;
  info: SystemInfo | undefined;
  statistics: Statistics | undefined;
  activity: { data: ActivityDay[] | undefined; error: unknown; refetch: () => unknown };
}

/** How the server fares: what is wrong stands first. */
export function HealthView({ health, volumes, info, statistics, activity }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const ill = health.data?.components.filter((component) => !isWell(component)) ?? [];
  const count = (value: number | undefined) => (value === undefined ? '–' : format.number(value));
  return (
    <>
      <PageHeader
        title={t('nav.health')}
        text={
          health.data && (
            <>
              {ill.length === 0 ? t('health.allWell') : t('health.ill', { count: ill.length })}{' '}
              {t('health.checked')} <TimeAgo time={new Date(health.dataUpdatedAt).toISOString()} />
            </>
          )
        }
      />
      <div className={classes.columns}>
        <Stack gap="lg" miw={0}>
          <Panel title={t('health.components')} flush>
            <Loaded answer={health} rows={6}>
              {(data) => (
                <ul className={classes.rows}>
                  {data.components.toSorted((a, b) => Number(isWell(a)) - Number(isWell(b))).map((component) => (
                    <ComponentRow key={component.name} component={component} />
                  ))}
                </ul>
              )}
            </Loaded>
          </Panel>
          <Panel title={t('charts.title')}>
            <LazyActivityCharts activity={activity} />
          </Panel>
        </Stack>
        <Stack gap="lg" miw={0}>
          <Panel title={t('health.volumes')} text={t('health.volumesText')}>
            <Loaded answer={volumes} rows={1}>
              {(data) => (
                <Stack gap="md">
                  {data.map((volume, i) => (
                    <Meter key={i} used={volume.total - volume.free} limit={volume.total} label={t('health.volume', { number: i + 1 })} />
                  ))}
                  {data.length === 0 && (
                    <Text size="sm" c="dimmed">
                      {t('health.noVolume')}
                    </Text>
                  )}
                </Stack>
              )}
            </Loaded>
          </Panel>
          <Panel title={t('health.server')}>
            <Facts
              facts={[
                [t('health.version'), <span key="version" className="mono">{info?.harbor_version ?? '–'}</span>],
                [t('health.address'), info?.external_url || info?.registry_url || '–'],
                [t('health.storage'), info?.registry_storage_provider_name || '–'],
                [t('health.mode'), info?.read_only ? t('health.readOnly') : t('health.readWrite')],
              ]}
            />
          </Panel>
          <Panel title={t('health.kept')}>
            <Facts
              facts={[
                [t('nav.projects'), count(statistics?.total_project_count)],
                [t('projects.repositories'), count(statistics?.total_repo_count)],
                [t('charts.stored'), statistics?.total_storage_consumption === undefined ? '–' : format.bytes(statistics.total_storage_consumption)],
              ]}
            />
          </Panel>
        </Stack>
      </div>
    </>
  );
}

const isWell = ({ status }: Component) => status === 'healthy';

function ComponentRow({ component }: { component: Component }) {
  const { t, i18n } = useTranslation();
  const well = isWell(component);
  const Icon = well ? SuccessIcon : FailureIcon;
  const known = i18n.exists(`health.names.${component.name}`);
  return (
    <li className={classes.row}>
      <Icon size={20} color={well ? 'var(--mantine-color-green-light-color)' : 'var(--mantine-color-error)'} aria-hidden />
      <div>
        <Text size="sm" fw={550}>
          {known ? t(`health.names.${component.name as 'core'}`) : component.name}
        </Text>
        {component.error && <Code className={classes.error}>{component.error}</Code>}
      </div>
      <Text size="sm" c={well ? 'dimmed' : 'var(--mantine-color-error)'}>
        {well ? t('health.healthy') : t('health.unhealthy')}
      </Text>
    </li>
  );
}

/** A panel's three states; a failed refresh keeps what is known. */
function Loaded<T>({ answer, rows, children }: { answer: Answer<T>; rows: number; children: (data: T) => ReactNode }) {
  if (answer.error && answer.data === undefined) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />;
  if (answer.data !== undefined) return children(answer.data);
  return (
    <Stack p="lg" gap={22} aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={20} width={`${80 - row * 6}%`} />
      ))}
    </Stack>
  );
}
