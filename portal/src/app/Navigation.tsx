import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { systemInfoQuery } from '@/api/shared';
import { pagesFor, type pages } from './pages';
import classes from './Shell.module.css';

interface ItemProps {
  page: (typeof pages)[number];
  onNavigate?: (() => void) | undefined;
}

function Item({ page: { to, label, icon: Icon }, onNavigate }: ItemProps) {
  const { t } = useTranslation();
  return (
    <Link
      to={to}
      className={classes.item}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      {...(onNavigate ? { onClick: onNavigate } : {})}
    >
      <Icon size={18} stroke={1.7} />
      {t(label)}
    </Link>
  );
}

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation();
  const { user } = useCurrentUser();
  // harbor_version begins with the version of Harbor's API that clients can count on.
  const version = useQuery(systemInfoQuery).data?.harbor_version?.replace(/^.*-roadstead\./, '');
  const open = pagesFor(user);
  const items = (place: 'top' | 'administration' | 'bottom') =>
    open.filter((page) => 'place' in page && page.place === place).map((page) => <Item key={page.to} page={page} onNavigate={onNavigate} />);
  const administration = items('administration');
  return (
    <nav className={classes.nav} aria-label={t('shell.navigation')}>
      {items('top')}
      {administration.length > 0 && <p className={classes.section}>{t('nav.administration')}</p>}
      {administration}
      <div className={classes.foot}>
        {items('bottom')}
        {version && (
          <Text size="xs" c="dimmed" className={classes.version}>
            {t('shell.version', { version })}
          </Text>
        )}
      </div>
    </nav>
  );
}
