import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import type { StorageFinding } from '@/api/types';
import { shortDigest } from '@/lib/reference';
import { DataTable, type Column } from '@/ui/DataTable';
import { Digest } from '@/ui/Digest';
import { EmptyState } from '@/ui/EmptyState';
import { FailureIcon, SearchIcon, SuccessIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';
import { Size } from '@/ui/Size';
import { TimeAgo } from '@/ui/TimeAgo';
import { pageSize } from './api';
import classes from './Storage.module.css';

interface Props {
  findings: { data: Page<StorageFinding> | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  checked: boolean;
  page: number;
  onPage: (page: number) => void;
}

const kinds = ['missing', 'damaged'] as const;

/** What the storage has not, or has with other bytes, and what cannot be pulled because of it. */
export function Findings({ findings, checked, page, onPage }: Props) {
  const { t } = useTranslation();
  const columns: Column<StorageFinding>[] = [
    { id: 'blob', header: t('storage.finding'), cell: (finding) => <Digest digest={finding.digest} /> },
    {
      id: 'kind',
      header: t('storage.kind'),
      cell: (finding) => {
        const kind = kinds.find((each) => each === finding.kind);
        return (
          <Text span size="sm" c="var(--mantine-color-error)" style={{ whiteSpace: 'nowrap' }}>
            <FailureIcon size={14} aria-hidden /> {kind ? t(`storage.kinds.${kind}`) : finding.kind}
          </Text>
        );
      },
    },
    { id: 'breaks', header: t('storage.breaks'), grow: true, cell: (finding) => <Breaks finding={finding} /> },
    { id: 'size', header: t('storage.size'), align: 'right', above: 'sm', cell: (finding) => <Size bytes={finding.size} /> },
    { id: 'since', header: t('storage.since'), align: 'right', above: 'md', cell: (finding) => <TimeAgo time={finding.found_at} /> },
  ];
  return (
    <Panel title={t('storage.findings')} flush>
      <DataTable
        label={t('storage.findings')}
        columns={columns}
        rows={findings.data?.items}
        rowKey={(finding) => finding.digest}
        error={findings.error}
        onRetry={() => void findings.refetch()}
        denied={{ needs: t('role.systemAdministrator') }}
        stale={findings.isPlaceholderData}
        page={page}
        pageSize={pageSize}
        total={findings.data?.total ?? 0}
        onPage={onPage}
        empty={
          checked ? (
            <EmptyState icon={SuccessIcon} title={t('storage.noFindings')} text={t('storage.noFindingsText')} />
          ) : (
            <EmptyState icon={SearchIcon} title={t('storage.notChecked')} text={t('storage.notCheckedText')} />
          )
        }
      />
    </Panel>
  );
}

function Breaks({ finding }: { finding: StorageFinding }) {
  const { t } = useTranslation();
  const more = finding.artifact_count - finding.artifacts.length;
  if (finding.artifacts.length === 0) {
    return (
      <Text span size="sm" c="dimmed">
        {t('storage.nobody')}
      </Text>
    );
  }
  return (
    <ul className={classes.broken}>
      {finding.artifacts.map((artifact) => (
        <li key={artifact.repository_name + artifact.digest} className="mono">
          {artifact.tag ? `${artifact.repository_name}:${artifact.tag}` : `${artifact.repository_name}@${shortDigest(artifact.digest)}`}
        </li>
      ))}
      {more > 0 && <li>{t('storage.more', { count: more })}</li>}
    </ul>
  );
}
