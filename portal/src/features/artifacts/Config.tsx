import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { parseTime } from '@/lib/time';
import { Facts } from '@/ui/Facts';
import { Panel } from '@/ui/Panel';
import { TimeAgo } from '@/ui/TimeAgo';
import classes from './Artifact.module.css';

/** How the image runs, and what its makers wrote about it. */
export function Config({ artifact }: { artifact: Artifact }) {
  const { t } = useTranslation();
  const attributes = artifact.extra_attrs ?? {};
  const config = attributes.config ?? {};
  const facts: [string, ReactNode][] = [];
  const add = (name: string, value: ReactNode) => {
    if (value !== undefined && value !== '' && value !== null) facts.push([name, value]);
  };
  add(t('config.platform'), [attributes.os, attributes.architecture].filter(Boolean).join('/'));
  if (parseTime(attributes.created)) add(t('config.created'), <TimeAgo time={attributes.created} />);
  add(t('config.author'), attributes.author);
  add(t('config.entrypoint'), command(config.Entrypoint));
  add(t('config.command'), command(config.Cmd));
  add(t('config.user'), config.User);
  add(t('config.directory'), config.WorkingDir);
  add(t('config.ports'), Object.keys(config.ExposedPorts ?? {}).join(', '));
  add(t('config.volumes'), Object.keys(config.Volumes ?? {}).join(', '));
  add(t('config.mediaType'), artifact.manifest_media_type);
  const environment = config.Env ?? [];
  const labels = Object.entries({ ...config.Labels, ...artifact.annotations });
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
      {environment.length > 0 && (
        <Panel title={t('config.environment')}>
          <ul className={classes.list}>
            {environment.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Panel>
      )}
      {labels.length > 0 && (
        <Panel title={t('config.labels')}>
          <ul className={classes.list}>
            {labels.map(([name, value]) => (
              <li key={name}>
                <Text span inherit c="dimmed">
                  {name}=
                </Text>
                {value}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

const command = (words: string[] | null | undefined) =>
  words && words.length > 0 ? <span className="mono">{words.map((word) => (/[\s"]/.test(word) ? JSON.stringify(word) : word)).join(' ')}</span> : undefined;
