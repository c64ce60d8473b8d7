import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, isOffline, isStatus } from '@/lib/problem';
import { WarningIcon } from '@/ui/icons';
import { LanguageMenu } from '@/ui/LanguageMenu';
import { LogoMark } from '@/ui/Logo';
import { TextLink } from '@/ui/TextLink';
import { ThemeMenu } from '@/ui/ThemeMenu';
import { Harbour } from './Harbour';
import classes from './SignIn.module.css';

interface Props {
  onSignIn: (name: string, password: string) => Promise<void>;
  /** the reader was on the way to a page */
  returning: boolean;
  banner?: string | undefined;
}

export function SignInView({ onSignIn, returning, banner }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const passwordField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = `${t('session.signIn')} · Roadstead`;
  }, [t]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || name.trim() === '' || password === '') return;
    setBusy(true);
    setError(undefined);
    try {
      await onSignIn(name.trim(), password);
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
      setPassword('');
      passwordField.current?.focus();
    }
  }
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
          <Title order={1}>{t('session.signIn')}</Title>
          <Text size="sm" c="dimmed" mt={4} mb="lg">
            {returning ? t('session.returning') : t('session.text')}
          </Text>
          {banner && (
            <Alert color="amber" mb="md">
              {banner}
            </Alert>
          )}
          <form onSubmit={(event) => void submit(event)} noValidate>
            <Stack gap="md">
              <TextInput
                label={t('session.name')}
                name="principal"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
                required
                withAsterisk={false}
                size="md"
                maxLength={255}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <PasswordInput
                ref={passwordField}
                label={t('session.password')}
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                size="md"
                maxLength={255}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
              />
              {error !== undefined && (
                <Alert color="red" icon={<WarningIcon size={18} />} role="alert">
                  <RefusalText error={error} />
                </Alert>
              )}
              <Button type="submit" size="md" fullWidth loading={busy}>
                {t('session.signIn')}
              </Button>
            </Stack>
          </form>
          <Text size="sm" c="dimmed" mt="xl" ta="center">
            <TextLink to="/projects" size="sm">
              {t('session.browse')}
            </TextLink>
          </Text>
        </div>
      </main>
    </div>
  );
}

function RefusalText({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (isOffline(error)) return t('error.offline.text');
  // The server explains a lock ("until when"); a wrong name or password it only refuses.
  if (error instanceof ApiError && error.message !== '' && error.message !== 'unauthorized') return error.message;
  return isStatus(error, 401) ? t('session.wrong') : t('session.failed');
}
