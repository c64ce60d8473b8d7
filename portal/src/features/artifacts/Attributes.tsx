import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { flatAttributes } from '@/lib/attributes';
import { Facts } from '@/ui/Facts';
import { LinkedText } from '@/ui/LinkedText';
import { Panel } from '@/ui/Panel';
import { Annotations } from './Annotations';

const words = {
  apiVersion: 'chart.apiVersion',
  appVersion: 'chart.appVersion',
  description: 'chart.description',
  home: 'chart.home',
  keywords: 'chart.keywords',
  name: 'chart.name',
  type: 'chart.type',
  version: 'chart.version',
} as const;
const isKnown = (name: string): name is keyof typeof words => Object.hasOwn(words, name);

/** What the makers of a chart, a model or anything else wrote about it. */
export function Attributes({ artifact }: { artifact: Artifact }) {
  const { t } = useTranslation();
  const { maintainers, ...others } = artifact.extra_attrs ?? {};
  const facts: [string, ReactNode][] = flatAttributes(others).map(({ name, value }) => [
    isKnown(name) ? t(words[name]) : name,
    <LinkedText key={name} text={value} />,
  ]);
  const people = Array.isArray(maintainers) ? maintainers.map(personOf).filter((person) => person !== '') : [];
  if (people.length > 0) facts.push([t('chart.maintainers'), people.join(', ')]);
  facts.push([t('config.mediaType'), artifact.artifact_type || artifact.media_type]);
  return (
    <>
      <Panel title={t('artifacts.about')}>
        {facts.length > 0 ? <Facts facts={facts} /> : <Text size="sm" c="dimmed">{t('config.none')}</Text>}
      </Panel>
      <Annotations title={t('config.annotations')} values={artifact.annotations ?? {}} />
    </>
  );
}

function personOf(person: unknown): string {
  if (typeof person !== 'object' || person === null) return '';
  const { name, email } = person as { name?: unknown; email?: unknown };
  return [name, typeof email === 'string' && email !== '' ? `<${email}>` : ''].filter((part) => typeof part === 'string' && part !== '').join(' ');
}
