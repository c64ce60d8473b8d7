import { Group, Pagination, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from './format';
import classes from './Pager.module.css';

interface Props {
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}

export function Pager({ page, pageSize, total, onPage }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const from = Math.min((page - 1) * pageSize + 1, total);
  const to = Math.min(page * pageSize, total);
  return (
    <Group justify="space-between" gap="sm" className={classes.pager}>
      <Text size="sm" c="dimmed" className="tabular" role="status">
        {t('common.range', { from: format.number(from), to: format.number(to), total: format.number(total) })}
      </Text>
      {pages > 1 && (
        <nav aria-label={t('common.pages')}>
          <Pagination
            size="sm"
            total={pages}
            value={page}
            onChange={onPage}
            siblings={1}
            getItemProps={(number) => ({ 'aria-label': t('common.pageNumber', { page: number }) })}
            getControlProps={(control) => ({
              'aria-label': control === 'next' ? t('common.nextPage') : t('common.previousPage'),
            })}
          />
        </nav>
      )}
    </Group>
  );
}
