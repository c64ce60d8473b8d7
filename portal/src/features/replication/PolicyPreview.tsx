import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ReplicationMatch, ReplicationPreview } from '@/api/types';
import { useFormat } from '@/ui/format';
import { WarningIcon } from '@/ui/icons';
import { refusalText } from '@/ui/refusalText';
import { previewQuery } from './api';
import type { Draft } from './policy';
import classes from './Replication.module.css';

/** What the policy would copy if it ran now, and what its copies would be called. */
export function PolicyPreview({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { registry, push, names, tags, exceptTags, labels, exceptLabels, sort, namespace, replace } = draft;
  // Only what decides about it: a change of the name asks for nothing.
  const [asked] = useDebouncedValue(JSON.stringify({ registry, push, names, tags, exceptTags, labels, exceptLabels, sort, namespace, replace }), 400);
  const parts = JSON.parse(asked) as Pick<Draft, 'registry' | 'push' | 'names' | 'tags' | 'exceptTags' | 'labels' | 'exceptLabels' | 'sort' | 'namespace' | 'replace'>;
  const preview = useQuery(previewQuery({ ...draft, ...parts, name: 'preview', description: '', trigger: 'manual', deletion: false, override: true, enabled: true, speed: 0, byChunk: false, single: false, concurrency: 0 }));
  return (
    <Stack gap="xs" className={classes.preview} component="section" aria-label={t('replication.preview')} aria-busy={preview.isFetching}>
      <Text size="sm" fw={600}>
        {t('replication.preview')}
      </Text>
      {preview.error ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: 'anywhere' }}>
          {refusalText(preview.error)}
        </Text>
      ) : preview.data === undefined ? (
        <Skeleton height={60} aria-hidden />
      ) : (
        <Matches preview={preview.data} />
      )}
    </Stack>
  );
}

function Matches({ preview }: { preview: ReplicationPreview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counted = t('replication.previewCount', { count: preview.repositories, repositories: format.number(preview.repositories), artifacts: format.number(preview.artifacts) });
  return (
    <>
      <Text size="sm" role="status">
        {preview.repositories === 0 ? t('replication.previewNone') : counted} {preview.truncated && t('replication.previewTruncated')}
      </Text>
      {preview.matches.length > 0 && (
        <ul className={classes.matches} tabIndex={0} aria-label={t('replication.preview')}>
          {preview.matches.map((match) => (
            <li key={match.source} className={classes.match}>
              <MatchLine match={match} />
            </li>
          ))}
        </ul>
      )}
      {preview.matches.length < preview.repositories && (
        <Text size="xs" c="dimmed">
          {t('replication.previewMore', { count: preview.repositories - preview.matches.length })}
        </Text>
      )}
    </>
  );
}

function MatchLine({ match }: { match: ReplicationMatch }) {
  const { t } = useTranslation();
  const more = match.artifacts - match.references.length;
  const problem = match.problem || (match.collides && t('replication.collides', { other: match.collides }));
  return (
    <>
      <span className="mono">{match.source}</span>
      {match.destination && match.destination !== match.source && (
        <>
          {' → '}
          <span className="mono">{match.destination}</span>
        </>
      )}{' '}
      <Text span size="xs" c="dimmed">
        {match.references.map((reference) => (reference.startsWith('sha256:') ? reference.slice(0, 19) : reference)).join(', ')}
        {more > 0 && ` ${t('replication.more', { count: more })}`}
      </Text>
      {problem && (
        <Group gap={4} c="var(--mantine-color-error)">
          <WarningIcon size={14} aria-hidden /> {problem}
        </Group>
      )}
    </>
  );
}
