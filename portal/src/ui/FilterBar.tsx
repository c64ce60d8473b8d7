import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './FilterBar.module.css';

export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <Group gap="sm" className={classes.bar} role="search">
      {children}
    </Group>
  );
}
