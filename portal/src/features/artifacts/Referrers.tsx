import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Accessory } from '@/api/types';
import { accessoryKind } from '@/lib/accessory';
import { placeOf, shortDigest } from '@/lib/reference';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { SignedIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { Size } from '@/ui/Size';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';

interface Props {
  project: string;
  repository: string;
  accessories: Accessory[];
}

/** Signatures, SBOMs and whatever else was attached to the artifact. */
export function Referrers({ project, repository, accessories }: Props) {
  const { t } = useTranslation();
  const columns: Column<Accessory>[] = [
    {
      id: 'kind',
      header: t('referrers.kind'),
      grow: true,
      cell: (accessory) => (
        <>
          {t(`referrers.kinds.${accessoryKind(accessory.type)}`)}{' '}
          <Text span size="xs" c="dimmed" className="mono">
            {accessory.type}
          </Text>
        </>
      ),
    },
    {
      id: 'digest',
      header: t('artifacts.digest'),
      cell: (accessory) => (
        <TextLink to="/projects/$project/repositories/$" params={{ project, _splat: placeOf(repository, accessory.digest) }} size="sm" className="mono">
          {shortDigest(accessory.digest)}
        </TextLink>
      ),
    },
    { id: 'size', header: t('artifacts.size'), align: 'right', above: 'sm', cell: (accessory) => <Size bytes={accessory.size} /> },
    { id: 'created', header: t('referrers.attached'), align: 'right', above: 'sm', cell: (accessory) => <TimeAgo time={accessory.creation_time} /> },
  ];
  return (
    <Panel flush>
      <DataTable
        label={t('artifacts.tabs.referrers')}
        columns={columns}
        rows={accessories}
        rowKey={(accessory) => accessory.id}
        empty={<EmptyState icon={SignedIcon} title={t('referrers.none')} text={t('referrers.noneText')} />}
      />
    </Panel>
  );
}
