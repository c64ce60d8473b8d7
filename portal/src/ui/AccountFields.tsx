import { PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isEmail, isRealname, isUserName, type AccountDraft } from '@/lib/account';
import { isAcceptablePassword } from '@/lib/password';

interface Props {
  account: AccountDraft;
  onChange: (account: AccountDraft) => void;
  /** the reader's own: the browser may offer what it knows */
  own?: boolean;
}

/** What an account needs, for whoever makes it. */
export function AccountFields({ account, onChange, own = false }: Props) {
  const { t } = useTranslation();
  const complete = (value: string) => (own ? value : 'off');
  const field = (name: keyof AccountDraft) => ({
    value: account[name],
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...account, [name]: event.currentTarget.value }),
    required: true,
    maxLength: 255,
  });
  const bad = (name: keyof AccountDraft, check: (text: string) => boolean) => account[name] !== '' && !check(account[name].trim());
  return (
    <>
      <TextInput {...field('username')} data-autofocus autoFocus={own} label={t('users.username')} error={bad('username', isUserName) && t('users.usernameBad')} autoComplete={complete('username')} autoCapitalize="none" spellCheck={false} />
      <TextInput {...field('email')} type="email" label={t('users.email')} error={bad('email', isEmail) && t('users.emailBad')} autoComplete={complete('email')} />
      <TextInput {...field('realname')} label={t('users.realname')} error={bad('realname', isRealname) && t('users.realnameBad')} autoComplete={complete('name')} />
      <PasswordInput
        {...field('password')}
        label={t('users.password')}
        description={t('users.passwordRule')}
        error={account.password !== '' && !isAcceptablePassword(account.password) && t('users.passwordBad')}
        maxLength={128}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
      />
    </>
  );
}
