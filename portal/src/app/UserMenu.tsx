import { Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { SignOutIcon, UserIcon } from '@/ui/icons';
import { Menu } from '@/ui/Menu';
import { useSignOut } from './useSignOut';
import classes from './UserMenu.module.css';

export function UserMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <Menu
      width={220}
      target={
        <UnstyledButton className={classes.face} aria-label={t('shell.account', { name: user.username })}>
          {user.username.slice(0, 1).toUpperCase()}
        </UnstyledButton>
      }
    >
      <div className={classes.who}>
        <Text size="sm" fw={600} truncate>
          {user.realname || user.username}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {user.email || user.username}
        </Text>
      </div>
      <Menu.Divider />
      <Menu.Item component={Link} to="/profile" leftSection={<UserIcon size={16} />}>
        {t('nav.profile')}
      </Menu.Item>
      <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => void signOut()}>
        {t('session.signOut')}
      </Menu.Item>
    </Menu>
  );
}
