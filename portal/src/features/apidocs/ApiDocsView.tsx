import { Anchor, Button, Skeleton, Stack } from '@mantine/core';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Search } from '@/lib/search';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { FilterBar } from '@/ui/FilterBar';
import { useFormat } from '@/ui/format';
import { SearchIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/PageHeader';
import { Panel } from '@/ui/Panel';
import { SearchInput } from '@/ui/SearchInput';
import { byTag, matching, operationsOf, type OpenAPI, type Operation } from './document';
import { OperationDetail } from './OperationDetail';
import classes from './ApiDocs.module.css';

interface Props {
  search: Search;
  onSearch: (change: Search, options?: { replace?: boolean }) => void;
  document: { data: OpenAPI | undefined; error: unknown; refetch: () => unknown };
}

/** Every operation of the API, by what it is about; one at a time is opened. */
export function ApiDocsView({ search, onSearch, document }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const operations = useMemo(() => (document.data ? operationsOf(document.data) : []), [document.data]);
  // A press is painted before the details are made.
  const opened = useDeferredValue(search.entry);
  const found = useMemo(() => matching(operations, search.q ?? ''), [operations, search.q]);
  return (
    <>
      <PageHeader
        title={t('apidocs.title')}
        text={
          <>
            {t('apidocs.text')}{' '}
            <Anchor href="/api/v2.0/openapi.json" underline="always" inherit>
              {t('apidocs.document')}
            </Anchor>
          </>
        }
      />
      <Panel flush>
        <FilterBar>
          <SearchInput label={t('apidocs.filter')} value={search.q ?? ''} onChange={(q) => onSearch({ q }, { replace: true })} wide />
          {document.data && (
            <span className={classes.count} role="status">
              {t('apidocs.count', { count: found.length, number: format.number(found.length) })}
            </span>
          )}
        </FilterBar>
        {document.error && !document.data ? (
          <ErrorState error={document.error} onRetry={() => void document.refetch()} />
        ) : !document.data ? (
          <Stack p="lg" gap="lg" aria-hidden>
            {[52, 64, 44, 58, 40].map((width) => (
              <Skeleton key={width} height={18} width={`${width}%`} />
            ))}
          </Stack>
        ) : found.length === 0 ? (
          <EmptyState icon={SearchIcon} title={t('apidocs.none')} text={t('apidocs.noneText')}>
            <Button variant="light" onClick={() => onSearch({ q: undefined })}>
              {t('common.clearFilters')}
            </Button>
          </EmptyState>
        ) : (
          byTag(found).map(([tag, each]) => (
            <section key={tag} className={classes.tag}>
              <h2>{tag}</h2>
              {each.map((operation) => (
                <Entry
                  key={operation.id}
                  operation={operation}
                  document={document.data as OpenAPI}
                  open={opened === operation.id}
                  onToggle={() => onSearch({ entry: search.entry === operation.id ? undefined : operation.id }, { replace: true })}
                />
              ))}
            </section>
          ))
        )}
      </Panel>
    </>
  );
}

interface EntryProps {
  operation: Operation;
  document: OpenAPI;
  open: boolean;
  onToggle: () => void;
}

function Entry({ operation, document, open, onToggle }: EntryProps) {
  return (
    <article className={classes.operation} data-open={open || undefined}>
      <h3>
        <button type="button" aria-expanded={open} onClick={onToggle}>
          <span className={classes.method} data-method={operation.method}>
            {operation.method}
          </span>
          <span className={`mono ${classes.path}`}>{operation.path}</span>
          <span className={classes.title}>{operation.title}</span>
        </button>
      </h3>
      {open && <OperationDetail operation={operation} document={document} />}
    </article>
  );
}
