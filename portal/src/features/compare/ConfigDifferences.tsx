import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Artifact } from '@/api/types';
import { flatAttributes } from '@/lib/attributes';
import { differences, environment, runFacts, type Difference, type Fact } from '@/lib/compare';
import { Panel } from '@/ui/Panel';
import { DifferenceTable } from './DifferenceTable';

/** What is not the same in how they run and in what was written about them. */
export function ConfigDifferences({ from, to }: { from: Artifact | undefined; to: Artifact | undefined }) {
  const { t } = useTranslation();
  const facts = differences(factsOf(from), factsOf(to)).map((each) => ({ ...each, name: t(`config.${each.name as Fact | 'author' | 'mediaType'}`) }));
  const groups: [string, Difference[]][] = [
    [t('config.title'), facts],
    [t('artifacts.about'), differences(attributesOf(from), attributesOf(to))],
    [t('config.environment'), differences(environment(config(from)), environment(config(to)))],
    [t('compare.labels'), differences(config(from)?.Labels ?? {}, config(to)?.Labels ?? {})],
    [t('config.annotations'), differences(from?.annotations ?? {}, to?.annotations ?? {})],
  ];
  const differing = groups.filter(([, found]) => found.length > 0);
  return (
    <Panel title={t('compare.config')} flush={differing.length > 0}>
      {differing.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('compare.configSame')}
        </Text>
      ) : (
        <DifferenceTable groups={differing} />
      )}
    </Panel>
  );
}

const config = (artifact: Artifact | undefined) => artifact?.extra_attrs?.config;

const factsOf = (artifact: Artifact | undefined) => ({
  ...runFacts(artifact?.type === 'IMAGE' ? config(artifact) : undefined),
  author: artifact?.extra_attrs?.author || undefined,
  mediaType: artifact?.manifest_media_type,
});

/** What the makers of a chart or a model wrote; an image says how it runs instead. */
const attributesOf = (artifact: Artifact | undefined) =>
  artifact?.type === 'IMAGE' ? {} : Object.fromEntries(flatAttributes(artifact?.extra_attrs).map(({ name, value }) => [name, value]));
