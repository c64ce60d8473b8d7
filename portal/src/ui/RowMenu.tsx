import { ActionIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import { MoreIcon } from './icons';
import { Menu } from './Menu';

/** A row's further actions. */
export function RowMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu
      target={
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <MoreIcon size={18} />
        </ActionIcon>
      }
    >
      {children}
    </Menu>
  );
}
