import { Alert, Button, Checkbox, Group, Modal, Stack, Tabs, Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '@/ui/CodeBlock';
import { ClientSelect, useClient } from '@/ui/CopyCommand';
import { CopyButton } from '@/ui/CopyButton';
import { WarningIcon } from '@/ui/icons';
import classes from './SecretDialog.module.css';
import { dockerConfig, githubActions, gitlabCi, jenkins, kubectl, kubernetesSecret, loginWithSecret, type Credentials } from './snippets';

const uses = ['login', 'kubernetes', 'github', 'gitlab', 'jenkins', 'config'] as const;

/**
 * The only time that a robot's secret is seen: it closes by its own button alone, after the reader has said that the
 * secret is stored, and the browser asks before leaving the page.
 */
export function SecretDialog({ credentials, onDone }: { credentials: Credentials; onDone: () => void }) {
  const { t } = useTranslation();
  const [stored, setStored] = useState(false);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} size="xl" title={t('robots.secret.title', { name: credentials.name })}>
      <Stack gap="md">
        <Alert color="amber" icon={<WarningIcon size={18} />} p="sm">
          {t('robots.secret.once')}
        </Alert>
        <div className={classes.secret}>
          <code className={classes.text} aria-label={t('robots.secret.label')} role="group">
            {credentials.secret}
          </code>
          <CopyButton text={credentials.secret} label={t('robots.copySecret')} size="md" />
        </div>
        <Tabs defaultValue="login" aria-label={t('robots.secret.use')} keepMounted={false}>
          <Tabs.List className={classes.tabs}>
            {uses.map((use) => (
              <Tabs.Tab key={use} value={use}>
                {t(`robots.secret.${use}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Use value="login">
            <Login credentials={credentials} />
          </Use>
          <Use value="kubernetes">
            <Text size="sm">{t('robots.secret.kubectl')}</Text>
            <Snippet text={kubectl(credentials)} label={t('robots.secret.kubectl')} />
            <Text size="sm">{t('robots.secret.yaml')}</Text>
            <Snippet text={kubernetesSecret(credentials)} label={t('robots.secret.kubernetes')} />
          </Use>
          <Use value="github">
            <Snippet text={githubActions(credentials)} label={t('robots.secret.github')} />
          </Use>
          <Use value="gitlab">
            <Snippet text={gitlabCi(credentials)} label={t('robots.secret.gitlab')} />
          </Use>
          <Use value="jenkins">
            <Snippet text={jenkins(credentials)} label={t('robots.secret.jenkins')} />
          </Use>
          <Use value="config">
            <Text size="sm">{t('robots.secret.configText')}</Text>
            <Snippet text={dockerConfig(credentials)} label={t('robots.secret.config')} />
          </Use>
        </Tabs>
        <Group justify="space-between" gap="sm">
          <Checkbox label={t('robots.secret.stored')} checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} />
          <Button disabled={!stored} onClick={onDone}>
            {t('robots.secret.done')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Use({ value, children }: { value: (typeof uses)[number]; children: ReactNode }) {
  return (
    <Tabs.Panel value={value} pt="sm">
      <Stack gap="xs">{children}</Stack>
    </Tabs.Panel>
  );
}

function Login({ credentials }: { credentials: Credentials }) {
  const { t } = useTranslation();
  const choice = useClient();
  return (
    <>
      <ClientSelect {...choice} />
      <Snippet text={loginWithSecret(choice.client, credentials)} label={t('robots.secret.login')} wrap />
    </>
  );
}

function Snippet({ text, label, wrap = false }: { text: string; label: string; wrap?: boolean }) {
  const { t } = useTranslation();
  return <CodeBlock text={text} label={label} copyLabel={t('robots.copySnippet')} wrap={wrap} />;
}
