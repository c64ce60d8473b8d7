import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { isWebAddress } from '@/lib/linked-text';
import { DataTable, type Column } from '@/ui/DataTable';
import { dependenciesQuery, type Dependency } from './api';
import { ContentPanel } from './ContentPanel';

/** The charts that a chart brings along. */
export function Dependencies({ place, digest }: { place: Place; digest: string }) {
  const { t } = useTranslation();
  const dependencies = useQuery(dependenciesQuery(place, digest));
  const columns: Column<Dependency>[] = [
    { id: 'name', header: t('chart.name'), grow: true, cell: ({ name }) => <Text span inherit fw={600}>{name}</Text> },
    { id: 'version', header: t('chart.version'), cell: ({ version }) => <span className="mono">{version}</span> },
    { id: 'repository', header: t('chart.repository'), cell: ({ repository = '' }) => <Source address={repository} /> },
  ];
  return (
    <ContentPanel title={t('artifacts.tabs.dependencies')} query={dependencies} isEmpty={(list) => list.length === 0} flush>
      {(list) => <DataTable label={t('artifacts.tabs.dependencies')} columns={columns} rows={list} rowKey={({ name, version }) => `${name} ${version}`} empty={null} />}
    </ContentPanel>
  );
}

function Source({ address }: { address: string }) {
  return isWebAddress(address) ? (
    <Anchor href={address} target="_blank" rel="noreferrer nofollow" size="sm" style={{ overflowWrap: 'anywhere' }}>
      {address}
    </Anchor>
  ) : (
    <span className="mono" style={{ overflowWrap: 'anywhere' }}>
      {address || '–'}
    </span>
  );
}
