import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { environment, runFacts, type Fact } from '@/lib/compare';
import { parseTime } from '@/lib/time';
import { Facts } from '@/ui/Facts';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import { Annotations } from './Annotations';

/** How the image runs, and what its makers wrote about it. */
export function Config({ artifact }: { artifact: Artifact }) {
  const { t } = useTranslation();
  const attributes = artifact.extra_attrs ?? {};
  const facts: [string, ReactNode][] = [];
  const add = (name: string, value: ReactNode) => {
    if (value !== undefined && value !== '' && value !== null) facts.push([name, value]);
  };
  add(t('config.platform'), [attributes.os, attributes.architecture].filter(Boolean).join('/'));
  if (parseTime(attributes.created)) add(t('config.created'), <TimeAgo time={attributes.created} />);
  add(t('config.author'), attributes.author);
  for (const [fact, line] of Object.entries(runFacts(attributes.config)) as [Fact, string | undefined][]) {
    add(t(`config.${fact}`), line && <span className="mono">{line}</span>);
  }
  add(t('config.mediaType'), artifact.manifest_media_type);
  return (
    <>
      <Panel title={t('config.title')}>
        {facts.length > 0 ? (
          <Facts facts={facts} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('config.none')}
          </Text>
        )}
      </Panel>
      <Annotations title={t('config.environment')} values={environment(attributes.config)} />
      <Annotations title={t('config.labels')} values={{ ...attributes.config?.Labels, ...artifact.annotations }} />
    </>
  );
}
