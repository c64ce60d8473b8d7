import { Badge, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RetentionDoomed, RetentionRule } from '@/api/types';
import { DataTable, type Column } from '@/ui/DataTable';
import { Digest } from '@/ui/Digest';
import { useFormat } from '@/ui/format';
import { Refusal } from '@/ui/Refusal';
import { Size } from '@/ui/Size';
import { TextLink } from '@/ui/TextLink';
import { TimeAgo } from '@/ui/TimeAgo';
import classes from './Policies.module.css';
import { doomedShown, previewQuery } from './retentionApi';

interface Props {
  project: string;
  projectId: number;
  rules: RetentionRule[];
  /** in a dialog: no links that lead away from it */
  quiet?: boolean;
}

const pause = 250;

/** What the rules would delete if they ran now, and how many bytes that frees: computed by the server, before anything is saved. */
export function RetentionPreview({ project, projectId, rules, quiet = false }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [settled] = useDebouncedValue(rules, pause);
  const [place, setPlace] = useState({ rules: settled, page: 1 });
  const page = place.rules === settled ? place.page : 1;
  const preview = useQuery(previewQuery(projectId, settled, page));
  const { data, error, isPlaceholderData } = preview;
  if (data === undefined && error) return <Refusal error={error} />;
  if (data === undefined) return <Skeleton height={140} radius="md" aria-label={t('common.loading')} />;
  const columns: Column<RetentionDoomed>[] = [
    {
      id: 'artifact',
      header: t('retention.artifact'),
      grow: true,
      cell: (doomed) => <Artifact doomed={doomed} project={project} quiet={quiet} />,
    },
    { id: 'size', header: t('retention.size'), align: 'right', above: 'sm', cell: (doomed) => <Size bytes={doomed.size} /> },
    { id: 'pushed', header: t('retention.pushed'), above: 'sm', cell: (doomed) => <TimeAgo time={doomed.push_time} /> },
    { id: 'pulled', header: t('retention.pulled'), above: 'md', cell: (doomed) => <TimeAgo time={doomed.pull_time} /> },
    { id: 'why', header: t('retention.why'), above: 'md', cell: (doomed) => <Why rules={doomed.rules} /> },
  ];
  return (
    <Stack gap="xs" className={classes.preview} aria-busy={isPlaceholderData || settled !== rules}>
      <Text size="sm" fw={600} aria-live="polite">
        {data.deleted === 0
          ? t('retention.previewNone', { total: format.number(data.total), count: data.total })
          : t('retention.previewSum', { count: data.deleted, deleted: format.number(data.deleted), total: format.number(data.total), bytes: format.bytes(data.bytes) })}
      </Text>
      <Text size="xs" c="dimmed">
        {[
          t('retention.previewRepositories', { count: data.repositories, number: format.number(data.repositories) }),
          data.along > 0 && t('retention.previewAlong', { count: data.along, number: format.number(data.along) }),
          data.immutable > 0 && t('retention.previewImmutable', { count: data.immutable, number: format.number(data.immutable) }),
          data.listed > 0 && t('retention.previewListed', { count: data.listed, number: format.number(data.listed) }),
        ]
          .filter(Boolean)
          .join(' ')}
      </Text>
      {error && <Refusal error={error} />}
      {data.deleted > 0 && (
        <DataTable
          label={t('retention.previewTable')}
          columns={columns}
          rows={data.items}
          rowKey={(doomed) => `${doomed.repository}@${doomed.digest}`}
          stale={isPlaceholderData}
          page={page}
          pageSize={doomedShown}
          total={data.deleted}
          onPage={(next) => setPlace({ rules: settled, page: next })}
          empty={null}
        />
      )}
    </Stack>
  );
}

function Artifact({ doomed, project, quiet }: { doomed: RetentionDoomed; project: string; quiet: boolean }) {
  const { t } = useTranslation();
  const more = doomed.tag_count - Math.min(doomed.tags.length, shownTags);
  return (
    <Group gap={6} wrap="wrap">
      {quiet ? (
        <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
          {doomed.repository}
        </Text>
      ) : (
        <TextLink to="/projects/$project/repositories/$" params={{ project, _splat: `${doomed.repository}/-/artifacts/${doomed.digest}` }} size="sm">
          {doomed.repository}
        </TextLink>
      )}
      {doomed.tags.slice(0, shownTags).map((tag) => (
        <Badge key={tag} variant="default" tt="none" size="sm">
          {tag}
        </Badge>
      ))}
      {more > 0 && (
        <Text span size="xs" c="dimmed">
          {t('policies.previewMore', { count: more })}
        </Text>
      )}
      {doomed.tag_count === 0 && (
        <Text span size="xs" c="dimmed">
          {t('retention.noTag')}
        </Text>
      )}
      <Digest digest={doomed.digest} />
    </Group>
  );
}

const shownTags = 3;

/** Which rules looked at it and do not keep it. */
function Why({ rules }: { rules: number[] }) {
  const { t, i18n } = useTranslation();
  if (rules.length === 0) return <Text size="xs">{t('retention.whyNone')}</Text>;
  const list = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(rules.map((rule) => String(rule + 1)));
  return <Text size="xs">{t('retention.whyRules', { count: rules.length, rules: list })}</Text>;
}
