import { Group, Paper, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './Panel.module.css';

interface Props {
  title?: string;
  text?: string;
  actions?: ReactNode;
  /** no inner margin: for a table */
  flush?: boolean;
  children: ReactNode;
}

export function Panel({ title, text, actions, flush = false, children }: Props) {
  const id = useId();
  return (
    <Paper withBorder radius="lg" component="section" className={classes.panel} {...(title ? { 'aria-labelledby': id } : {})}>
      {title && (
        <Group justify="space-between" gap="sm" className={classes.head}>
          <div>
            <Title order={2} size="h3" id={id}>
              {title}
            </Title>
            {text && (
              <Text size="sm" c="dimmed" mt={2}>
                {text}
              </Text>
            )}
          </div>
          {actions}
        </Group>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </Paper>
  );
}
