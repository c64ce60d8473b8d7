import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Banner } from '@/lib/banner';
import { ApiError, isOffline, isStatus } from '@/lib/problem';
import type { Search } from '@/lib/search';
import { BannerAlert } from '@/ui/BannerAlert';
import { WarningIcon } from '@/ui/icons';
import { TextLink } from '@/ui/TextLink';
import { Entry } from './Entry';

interface Props {
  onSignIn: (name: string, password: string) => Promise<void>;
  /** the reader was on the way to a page */
  returning: boolean;
  /** the session ended while they worked */
  ended?: boolean;
  banner?: Banner | undefined;
  /** people may make an account for themselves */
  selfRegistration?: boolean;
}

export function SignInView({ onSignIn, returning, ended = false, banner, selfRegistration = false }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const passwordField = useRef<HTMLInputElement>(null);

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
    <Entry title={t('session.signIn')} text={ended ? t('session.ended') : returning ? t('session.returning') : t('session.text')}>
      {banner && <BannerAlert banner={banner} />}
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
        {selfRegistration && (
          <>
            <TextLink to="/sign-up" search={(previous: Search) => ({ next: previous.next })} size="sm">
              {t('session.signUp')}
            </TextLink>
            {' · '}
          </>
        )}
        <TextLink to="/projects" size="sm">
          {t('session.browse')}
        </TextLink>
      </Text>
    </Entry>
  );
}

function RefusalText({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (isOffline(error)) return t('error.offline.text');
  // The server explains a lock ("until when"); a wrong name or password it only refuses.
  if (error instanceof ApiError && error.message !== '' && error.message !== 'unauthorized') return error.message;
  return isStatus(error, 401) ? t('session.wrong') : t('session.failed');
}
