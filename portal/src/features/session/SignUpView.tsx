import { Alert, Button, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { emptyAccount, isComplete, trimmed, type AccountDraft } from '@/lib/account';
import { AccountFields } from '@/ui/AccountFields';
import { Refusal } from '@/ui/Refusal';
import { TextLink } from '@/ui/TextLink';
import { Entry } from './Entry';

interface Props {
  /** undefined: the server has not said yet */
  open: boolean | undefined;
  onSignUp: (account: AccountDraft) => Promise<void>;
}

export function SignUpView({ open, onSignUp }: Props) {
  const { t } = useTranslation();
  const [account, setAccount] = useState(emptyAccount);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || !isComplete(account)) return;
    setBusy(true);
    setError(undefined);
    try {
      await onSignUp(trimmed(account));
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  }
  return (
    <Entry title={t('signUp.title')} text={t('signUp.text')}>
      {open === false ? (
        <Alert color="amber">{t('signUp.closed')}</Alert>
      ) : (
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack gap="md">
            <AccountFields own account={account} onChange={setAccount} />
            {error !== undefined && <Refusal error={error} />}
            <Button type="submit" size="md" fullWidth loading={busy} disabled={!isComplete(account)}>
              {t('signUp.create')}
            </Button>
          </Stack>
        </form>
      )}
      <Text size="sm" c="dimmed" mt="xl" ta="center">
        {t('signUp.have')}{' '}
        <TextLink to="/sign-in" size="sm" underline="always">
          {t('session.signIn')}
        </TextLink>
      </Text>
    </Entry>
  );
}
