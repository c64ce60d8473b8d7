import { Stack, Text, Title } from '@mantine/core';
import type { ComponentType, ReactNode } from 'react';
import classes from './State.module.css';

interface Props {
  icon: ComponentType<{ size?: number; stroke?: number }>;
  title: string;
  text: string;
  children?: ReactNode;
}

/** Nothing here yet, and what to do first. */
export function EmptyState({ icon: Icon, title, text, children }: Props) {
  return (
    <Stack align="center" gap="xs" className={classes.state}>
      <span className={classes.icon}>
        <Icon size={26} stroke={1.5} />
      </span>
      <Title order={2} size="h3" ta="center">
        {title}
      </Title>
      <Text size="sm" c="dimmed" ta="center" maw={460}>
        {text}
      </Text>
      {children !== undefined && (
        <Stack gap="sm" mt="sm" align="center" w="100%" maw={560}>
          {children}
        </Stack>
      )}
    </Stack>
  );
}
