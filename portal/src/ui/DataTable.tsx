import { Skeleton, UnstyledButton } from '@mantine/core';
import { memo, useDeferredValue, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from './ErrorState';
import { Pager } from './Pager';
import { SortedDownIcon, SortedUpIcon, SortIcon } from './icons';
import { useRowKeys } from './useRowKeys';
import classes from './DataTable.module.css';

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** the server's name for this order, where it has one */
  sort?: string;
  align?: 'right';
  /** takes the room that is left */
  grow?: boolean;
  /** left out on narrower screens: "sm" below 640 px, "md" below 992 px, "lg" below 1200 px */
  above?: 'sm' | 'md' | 'lg';
  /** the heading is for screen readers only */
  quiet?: boolean;
  /** stands in the heading instead of its words: a box that selects the page */
  heading?: ReactNode;
}

interface Props<T> {
  /** what the table lists, for assistive technology */
  label: string;
  columns: Column<T>[];
  rows: readonly T[] | undefined;
  rowKey: (row: T) => string | number;
  empty: ReactNode;
  error?: unknown;
  onRetry?: () => void;
  denied?: { needs?: string | undefined; owner?: string | undefined };
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  /** rows of an older answer while the next one is on its way */
  stale?: boolean;
  page?: number;
  pageSize?: number;
  total?: number;
  onPage?: (page: number) => void;
}

/**
 * A list with its loading, empty and failed states, order and pages. j and k move through the rows' links; enter opens
 * the focused one, as links do.
 */
export function DataTable<T>(props: Props<T>) {
  // A press is painted before its rows are made: many rows take longer than a press may.
  const shown = useDeferredValue(props);
  return <Table shown={shown as Props<unknown>} />;
}

const Table = memo(function Table({ shown: props }: { shown: Props<unknown> }) {
  const { t } = useTranslation();
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  const { columns, rows, error } = props;

  if (error && rows === undefined) return <ErrorState error={error} onRetry={props.onRetry} {...props.denied} />;
  if (rows?.length === 0 && (props.page ?? 1) === 1) return props.empty;
  return (
    <>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label={props.label} aria-busy={rows === undefined || props.stale === true}>
          <thead data-waiting={rows === undefined || undefined}>
            <tr>
              {columns.map((column) => (
                <Heading key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
              ))}
            </tr>
          </thead>
          <tbody ref={body} data-stale={props.stale || undefined}>
            {rows === undefined && <LoadingRows columns={columns} />}
            {rows?.map((row) => (
              <tr key={props.rowKey(row)}>
                {columns.map((column) => (
                  <td key={column.id} className={cellClass(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows === undefined && <span className={classes.hidden} role="status">{t('common.loading')}</span>}
      {rows !== undefined && props.onPage && props.total !== undefined && (
        <Pager page={props.page ?? 1} pageSize={props.pageSize ?? 20} total={props.total} onPage={props.onPage} />
      )}
    </>
  );
});

interface HeadingProps<T> {
  column: Column<T>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}

function Heading<T>({ column, sort, onSort }: HeadingProps<T>) {
  const name = column.heading ?? (column.quiet ? <span className={classes.hidden}>{column.header}</span> : column.header);
  if (column.sort === undefined || !onSort) {
    return (
      <th scope="col" className={cellClass(column)}>
        {name}
      </th>
    );
  }
  const up = sort === column.sort;
  const down = sort === `-${column.sort}`;
  const Icon = down ? SortedDownIcon : up ? SortedUpIcon : SortIcon;
  return (
    <th scope="col" className={cellClass(column)} aria-sort={down ? 'descending' : up ? 'ascending' : 'none'}>
      <UnstyledButton className={classes.sort} onClick={() => onSort(down ? `${column.sort}` : `-${column.sort}`)}>
        {name}
        <Icon size={14} aria-hidden data-active={up || down || undefined} />
      </UnstyledButton>
    </th>
  );
}

function LoadingRows<T>({ columns }: { columns: Column<T>[] }) {
  // About as many as a first screen shows, so that little moves when the rows are there.
  return Array.from({ length: 10 }, (_, row) => (
    <tr key={row} aria-hidden>
      {columns.map((column, index) => (
        <td key={column.id} className={cellClass(column)}>
          <Skeleton height={14} my={4} width={index === 0 ? `${64 - (row % 6) * 5}%` : '70%'} />
        </td>
      ))}
    </tr>
  ));
}

function cellClass<T>(column: Column<T>): string {
  return [
    column.align === 'right' && classes.right,
    column.grow && classes.grow,
    column.above && classes[`above-${column.above}`],
  ]
    .filter(Boolean)
    .join(' ');
}
