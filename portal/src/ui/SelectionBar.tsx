import { ActionIcon, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ClearIcon } from './icons';
import classes from './Selection.module.css';

interface Props {
  count: number;
  onClear: () => void;
  /** what can be done with them */
  children: ReactNode;
}

export function SelectionBar({ count, onClear, children }: Props) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <>
      <div className={classes.room} />
      <div className={classes.bar} role="toolbar" aria-label={t('common.selection')}>
        <Text size="sm" fw={600} role="status" className="tabular">
          {t('common.selected', { count })}
        </Text>
        {children}
        <ActionIcon variant="subtle" color="gray" aria-label={t('common.clearSelection')} onClick={onClear}>
          <ClearIcon size={16} />
        </ActionIcon>
      </div>
    </>
  );
}
