import { Code, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Half } from './rule';

/** "Tags matching `v*` in all repositories can neither be moved nor deleted." */
export function Sentence({ tags, repositories }: { tags: Half[]; repositories: Half[] }) {
  const { t } = useTranslation();
  return (
    <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
      {fill(t('policies.sentence'), {
        tags: <Halves of={tags} words={{ all: t('policies.tagsAll'), match: t('policies.tagsMatch'), except: t('policies.tagsExcept') }} />,
        repositories: <Halves of={repositories} words={{ all: t('policies.repositoriesAll'), match: t('policies.repositoriesMatch'), except: t('policies.repositoriesExcept') }} />,
      })}
    </Text>
  );
}

export function Halves({ of, words }: { of: Half[]; words: { all: string; match: string; except: string } }) {
  const { t } = useTranslation();
  return of.map((half, index) => (
    <Fragment key={`${half.pattern} ${half.except}`}>
      {index > 0 && t('policies.and')}
      {half.pattern === '**' && !half.except ? words.all : fill(half.except ? words.except : words.match, { pattern: <Code>{half.pattern}</Code> })}
    </Fragment>
  ));
}

/** Puts elements where a text says "[name]". */
export function fill(text: string, parts: Record<string, ReactNode>): ReactNode[] {
  return text.split(/\[(\w+)\]/).map((piece, index) => <Fragment key={index}>{index % 2 === 1 ? parts[piece] : piece}</Fragment>);
}
