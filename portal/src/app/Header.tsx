import { ActionIcon, Kbd, UnstyledButton } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { ButtonLink } from '@/ui/ButtonLink';
import { KeyboardIcon, MenuIcon, SearchIcon, SignInIcon } from '@/ui/icons';
import { LanguageMenu } from '@/ui/LanguageMenu';
import { LogoMark } from '@/ui/Logo';
import { ThemeMenu } from '@/ui/ThemeMenu';
import { Tooltip } from '@/ui/Tooltip';
import { useAppearance } from './useAppearance';
import { UserMenu } from './UserMenu';
import classes from './Shell.module.css';

interface Props {
  onMenu: () => void;
  onPalette: () => void;
  onKeys: () => void;
}

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Header({ onMenu, onPalette, onKeys }: Props) {
  const { t } = useTranslation();
  const { user, isPending } = useCurrentUser();
  const { chooseLanguage, chooseTheme } = useAppearance();
  const href = useRouterState({ select: (state) => state.location.href });
  return (
    <header className={classes.header}>
      <ActionIcon className={classes.burger} variant="subtle" color="gray" size={36} aria-label={t('shell.menu')} onClick={onMenu}>
        <MenuIcon size={20} />
      </ActionIcon>
      <Link to="/" className={classes.brand}>
        <LogoMark />
        {t('shell.product')}
      </Link>
      <UnstyledButton className={`${classes.find} ${classes.wide}`} onClick={onPalette}>
        <SearchIcon size={16} aria-hidden />
        <span>{t('shell.find')}</span>
        <Kbd size="xs" aria-hidden>
          {isApple ? '⌘K' : 'Ctrl K'}
        </Kbd>
      </UnstyledButton>
      <ActionIcon className={classes.narrow} variant="subtle" color="gray" size={36} aria-label={t('shell.find')} onClick={onPalette}>
        <SearchIcon size={20} />
      </ActionIcon>
      <Tooltip label={t('keys.title')}>
        <ActionIcon className={classes.wide} variant="subtle" color="gray" size={36} aria-label={t('keys.title')} onClick={onKeys}>
          <KeyboardIcon size={20} />
        </ActionIcon>
      </Tooltip>
      <LanguageMenu onChoose={chooseLanguage} />
      <ThemeMenu onChoose={chooseTheme} />
      {isPending && <span className={classes.face} aria-hidden />}
      {user && <UserMenu user={user} />}
      {!user && !isPending && (
        <ButtonLink to="/sign-in" search={{ next: href }} size="compact-md" leftSection={<SignInIcon size={16} />}>
          {t('session.signIn')}
        </ButtonLink>
      )}
    </header>
  );
}
