import { Code, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReplicationFilter, ReplicationPolicy } from '@/api/types';
import { useCronWords } from '@/ui/useCronWords';
import { farOf, isPush, listOf, textOf, triggerOf } from './policy';

/** "Copies tags matching `v*` of repositories matching `library/**` to backup as mirror/…. Every day at 02:00 UTC." */
export function PolicySentence({ policy }: { policy: ReplicationPolicy }) {
  const { t, i18n } = useTranslation();
  const cron = useCronWords();
  const what = policy.filters.map((filter) => words(filter)).filter((each) => each !== undefined);
  const trigger = triggerOf(policy);
  const when = trigger === 'scheduled' ? cron(policy.trigger?.trigger_settings.cron ?? '') : t(`replication.when.${trigger}`);

  function words(filter: ReplicationFilter): ReactNode {
    const except = filter.decoration === 'excludes';
    switch (filter.type) {
      case 'name':
        return fill(t('replication.words.names'), { pattern: <Code>{textOf(filter)}</Code> });
      case 'tag':
        return fill(t(except ? 'replication.words.tagsExcept' : 'replication.words.tags'), { pattern: <Code>{textOf(filter)}</Code> });
      case 'label':
        return fill(t(except ? 'replication.words.labelsExcept' : 'replication.words.labels'), { labels: new Intl.ListFormat(i18n.language).format(listOf(filter)) });
      case 'resource':
        return textOf(filter) === 'image' ? t('replication.words.images') : t('replication.words.artifacts');
      default:
        return undefined;
    }
  }
  const copies = fill(t(isPush(policy) ? 'replication.sentence.push' : 'replication.sentence.pull'), {
    what: what.length === 0 ? t('replication.words.everything') : what.map((each, index) => <Fragment key={index}>{index > 0 && t('replication.words.and')}{each}</Fragment>),
    registry: <b>{farOf(policy)?.name ?? '–'}</b>,
    as: policy.dest_namespace ? fill(t('replication.sentence.as'), { namespace: <Code>{`${policy.dest_namespace}/…`}</Code> }) : '',
  });
  return (
    <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
      {fill(t(trigger === 'scheduled' ? 'replication.sentence.scheduled' : 'replication.sentence.otherwise'), { copies, when })}
      {policy.deletion === true && trigger === 'event_based' && ` ${t('replication.sentence.deletion')}`}
    </Text>
  );
}

/** Puts elements where a text says "[name]". */
function fill(text: string, parts: Record<string, ReactNode>): ReactNode[] {
  return text.split(/\[(\w+)\]/).map((piece, index) => <Fragment key={index}>{index % 2 === 1 ? parts[piece] : piece}</Fragment>);
}
