import { Group, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageMenu } from '@/ui/LanguageMenu';
import { LogoMark } from '@/ui/Logo';
import { ThemeMenu } from '@/ui/ThemeMenu';
import { Harbour } from './Harbour';
import classes from './SignIn.module.css';

/** What the pages before the door share: the harbour, and beside it a form. */
export function Entry({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · Roadstead`;
  }, [title]);
  return (
    <div className={classes.page}>
      <Harbour />
      <main className={classes.side}>
        <Group justify="flex-end" gap={2} className={classes.tools}>
          <LanguageMenu />
          <ThemeMenu />
        </Group>
        <div className={classes.form}>
          <Group gap={12} mb="xl">
            <LogoMark size={40} />
            <Text fz={22} fw={700} lts="-0.02em">
              {t('shell.product')}
            </Text>
          </Group>
          <Title order={1}>{title}</Title>
          <Text size="sm" c="dimmed" mt={4} mb="lg">
            {text}
          </Text>
          {children}
        </div>
      </main>
    </div>
  );
}
