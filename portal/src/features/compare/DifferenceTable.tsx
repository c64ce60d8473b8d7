import { Text } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Difference } from '@/lib/compare';
import classes from './Compare.module.css';

/** Names with what stands on either side; a word says what was added, removed or changed, the colour only repeats it. */
export function DifferenceTable({ groups }: { groups: [title: string, differences: Difference[]][] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('compare.what')}</th>
            <th scope="col">{t('compare.from')}</th>
            <th scope="col">{t('compare.to')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(([title, found]) => (
            <Fragment key={title}>
              <tr className={classes.group}>
                <th scope="colgroup" colSpan={3}>
                  {title}
                </th>
              </tr>
              {found.map((difference) => (
                <tr key={difference.name}>
                  <th scope="row">
                    {difference.name}
                    <Text span size="xs" c="dimmed" display="block" fw={400}>
                      {t(`compare.${changeOf(difference)}`)}
                    </Text>
                  </th>
                  <Value value={difference.from} tone="removed" />
                  <Value value={difference.to} tone="added" />
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const changeOf = ({ from, to }: Difference) => (from === undefined ? 'added' : to === undefined ? 'removed' : 'changed');

function Value({ value, tone }: { value: string | undefined; tone: 'added' | 'removed' }) {
  return (
    <td>
      {value === undefined ? (
        <Text span c="dimmed">
          –
        </Text>
      ) : (
        <span className={classes.value} data-tone={tone}>
          {value === '' ? '""' : value}
        </span>
      )}
    </td>
  );
}
