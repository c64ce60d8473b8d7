import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/format';
import { templates, type RuleWords } from './retention';
import { fill, Halves } from './Sentence';

/** "Keep the 10 most recently pushed artifacts of each repository with any tag." */
export function RetentionSentence({ template, number, tags, repositories, untagged }: RuleWords) {
  const { t } = useTranslation();
  const format = useFormat();
  const known = templates.find((each) => each === template);
  const any = tags.every((half) => half.pattern === '**' && !half.except);
  const values = { count: number, number: format.number(number) };
  return (
    <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
      {known === undefined
        ? t('retention.unknown', { template })
        : fill(t(`retention.sentence.${known}`, values), {
            repositories: (
              <Halves of={repositories} words={{ all: t('retention.repositoriesAll'), match: t('retention.repositoriesMatch'), except: t('retention.repositoriesExcept') }} />
            ),
            tags:
              any && untagged ? (
                t('retention.tagsOrNone')
              ) : (
                <>
                  <Halves of={tags} words={{ all: t('retention.tagsAll'), match: t('retention.tagsMatch'), except: t('retention.tagsExcept') }} />
                  {untagged && t('retention.orNone')}
                </>
              ),
          })}
    </Text>
  );
}
