import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';
import { TimeChart, type Series } from './TimeChart';

interface Day {
  day: string;
  pushes: number;
  pulls: number;
  stored: number;
}

const sum = ({ values }: Series) => values.reduce((total, value) => total + value, 0);
const last = ({ values }: Series) => values.at(-1) ?? 0;

/** Pushes and pulls, and under them what is kept: of one project, or of all that the reader sees. */
export function ActivityCharts({ days }: { days: readonly Day[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = days.map(({ day }) => day);
  const traffic = [
    { name: t('charts.pulls'), values: days.map(({ pulls }) => pulls) },
    { name: t('charts.pushes'), values: days.map(({ pushes }) => pushes) },
  ];
  const stored = [{ name: t('charts.stored'), values: days.map((day) => day.stored) }];
  if (days.length === 0) return <Text size="sm" c="dimmed">{t('charts.none')}</Text>;
  return (
    <Stack gap="md">
      <TimeChart title={t('charts.traffic')} days={names} series={traffic} format={format.number} summary={sum} />
      <TimeChart title={t('charts.storage')} days={names} series={stored} format={format.bytes} base={1024} summary={last} />
    </Stack>
  );
}
