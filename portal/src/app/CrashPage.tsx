import { Button, Code } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/lib/problem';
import { EmptyState } from '@/ui/EmptyState';
import { WarningIcon } from '@/ui/icons';
import { Panel } from '@/ui/Panel';

/** A page's own code failed, or its file is gone because the server was upgraded meanwhile: reloading fixes the latter. */
export function CrashPage({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Panel>
      <EmptyState icon={WarningIcon} title={t('crash.title')} text={t('crash.text')}>
        <Code>{messageOf(error)}</Code>
        <Button onClick={() => window.location.reload()}>{t('crash.reload')}</Button>
      </EmptyState>
    </Panel>
  );
}
