import { Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './PageHeader.module.css';

interface Props {
  title: string;
  /** beside the title: badges */
  aside?: ReactNode;
  text?: ReactNode;
  crumbs?: ReactNode[];
  actions?: ReactNode;
  mono?: boolean;
}

export function PageHeader({ title, aside, text, crumbs, actions, mono = false }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · Roadstead`;
  }, [title]);
  return (
    <Stack gap={6} component="header" className={classes.header}>
      {crumbs && crumbs.length > 0 && (
        <nav aria-label={t('shell.breadcrumbs')}>
          <Breadcrumbs separator="/" separatorMargin={6} className={classes.crumbs}>
            {crumbs}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Group gap="sm" className={classes.heading}>
          <Title order={1} className={mono ? `${classes.title} ${classes.mono}` : classes.title}>
            {title}
          </Title>
          {aside}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {text && (
        <Text component="div" size="sm" c="dimmed" maw={720}>
          {text}
        </Text>
      )}
    </Stack>
  );
}
