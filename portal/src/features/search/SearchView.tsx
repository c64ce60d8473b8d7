import { Button, Code, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Found } from '@/api/types';
import type { Search } from '@/lib/search';
import { wordsOf } from '@/lib/search-terms';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { FilterBar } from '@/ui/FilterBar';
import { useFormat } from '@/ui/format';
import { SearchIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { SearchInput } from '@/ui/SearchInput';
import { groups, type Group } from './groups';
import { Results } from './Results';
import classes from './Search.module.css';

interface Props {
  q: string;
  /** one group only */
  kind: string | undefined;
  limit: number;
  answer: { data: Found | undefined; error: unknown; isPlaceholderData: boolean; refetch: () => unknown };
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
}

export function SearchView({ q, kind, limit, answer, onSearch }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error } = answer;
  const count = (group: Group) => data?.[group].length ?? 0;
  const shown = groups.filter((group) => count(group) > 0 && (kind === undefined || kind === group));
  const number = (group: Group) => (count(group) === limit ? t('search.atLeast', { count: limit }) : format.number(count(group)));
  return (
    <>
      <PageHeader title={t('search.title')} text={t('search.text')} />
      <Panel flush>
        <FilterBar>
          <SearchInput label={t('search.field')} value={q} onChange={(next) => onSearch({ q: next }, { replace: true })} autoFocus wide />
          {data && q !== '' && (
            <SegmentedControl
              size="xs"
              aria-label={t('search.kinds')}
              value={kind ?? 'all'}
              onChange={(show) => onSearch({ show: show === 'all' ? undefined : show }, { replace: true })}
              data={[
                { value: 'all', label: t('search.all') },
                ...groups.map((group) => ({ value: group, label: `${t(`search.groups.${group}`)} ${number(group)}`, disabled: count(group) === 0 })),
              ]}
            />
          )}
        </FilterBar>
        <div aria-busy={answer.isPlaceholderData || (q !== '' && !data && !error)} data-stale={answer.isPlaceholderData || undefined} className={classes.results}>
          {q === '' ? (
            <Help onChoose={(example) => onSearch({ q: example })} />
          ) : error && !data ? (
            <ErrorState error={error} onRetry={() => void answer.refetch()} />
          ) : !data ? (
            <Stack p="lg" gap="lg" aria-hidden>
              {[40, 62, 55, 48].map((width) => (
                <Skeleton key={width} height={18} width={`${width}%`} />
              ))}
            </Stack>
          ) : shown.length === 0 ? (
            <EmptyState icon={SearchIcon} title={t('search.none', { q })} text={t('search.noneText')}>
              {kind !== undefined && (
                <Button variant="light" onClick={() => onSearch({ show: undefined })}>
                  {t('search.everything')}
                </Button>
              )}
            </EmptyState>
          ) : (
            shown.map((group) => <Results key={group} group={group} found={data} words={wordsOf(q)} number={number(group)} />)
          )}
        </div>
      </Panel>
    </>
  );
}

const examples = ['nginx', 'project:library app', 'repo:team/app tag:v1', 'tag:latest', 'sha256:0123abcd'] as const;
const meanings = ['words', 'project', 'repo', 'tag', 'digest'] as const;

/** What can be typed, each as something to try. */
function Help({ onChoose }: { onChoose: (example: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.help}>
      <Text size="sm" c="dimmed">
        {t('search.help')}
      </Text>
      <dl>
        {examples.map((example, i) => (
          <div key={example}>
            <dt>
              <button type="button" onClick={() => onChoose(example)}>
                <Code>{example}</Code>
              </button>
            </dt>
            <dd>{t(`search.syntax.${meanings[i] ?? 'words'}`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
