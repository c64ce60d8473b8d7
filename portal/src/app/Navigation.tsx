import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { systemInfoQuery } from '@/api/shared';
import { AuditIcon, HomeIcon, ProjectsIcon, UsersIcon } from '@/ui/icons';
import classes from './Shell.module.css';

interface ItemProps {
  to: '/' | '/projects' | '/audit' | '/users';
  icon: ComponentType<{ size?: number; stroke?: number }>;
  label: string;
  exact?: boolean;
  onNavigate?: (() => void) | undefined;
}

function Item({ to, icon: Icon, label, exact = false, onNavigate }: ItemProps) {
  return (
    <Link
      to={to}
      className={classes.item}
      activeOptions={{ exact, includeSearch: false }}
      {...(onNavigate ? { onClick: onNavigate } : {})}
    >
      <Icon size={18} stroke={1.7} />
      {label}
    </Link>
  );
}

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation();
  const { user } = useCurrentUser();
  // harbor_version begins with the version of Harbor's API that clients can count on.
  const version = useQuery(systemInfoQuery).data?.harbor_version?.replace(/^.*-roadstead\./, '');
  return (
    <nav className={classes.nav} aria-label={t('shell.navigation')}>
      {user && <Item to="/" exact icon={HomeIcon} label={t('nav.home')} onNavigate={onNavigate} />}
      <Item to="/projects" icon={ProjectsIcon} label={t('nav.projects')} onNavigate={onNavigate} />
      {user && <Item to="/audit" icon={AuditIcon} label={t('nav.audit')} onNavigate={onNavigate} />}
      {user?.sysadmin_flag && (
        <>
          <p className={classes.section}>{t('nav.administration')}</p>
          <Item to="/users" icon={UsersIcon} label={t('nav.users')} onNavigate={onNavigate} />
        </>
      )}
      {version && (
        <Text size="xs" c="dimmed" className={classes.foot}>
          {t('shell.version', { version })}
        </Text>
      )}
    </nav>
  );
}
