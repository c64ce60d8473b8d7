import { Alert } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { systemInfoQuery } from '@/api/shared';
import { WarningIcon } from '@/ui/icons';
import { useKeys } from '@/ui/useKeys';
import { Header } from './Header';
import { Navigation } from './Navigation';
import classes from './Shell.module.css';

const MobileMenu = lazy(() => import('./MobileMenu').then((m) => ({ default: m.MobileMenu })));
const CommandPalette = lazy(() => import('./CommandPalette').then((m) => ({ default: m.CommandPalette })));
const KeySheet = lazy(() => import('./KeySheet').then((m) => ({ default: m.KeySheet })));

/** What surrounds every page but sign-in. */
export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [menu, { open: openMenu, close: closeMenu }] = useDisclosure();
  const [palette, { open: openPalette, close: closePalette }] = useDisclosure();
  const [sheet, { open: openSheet, close: closeSheet }] = useDisclosure();
  const readOnly = useQuery(systemInfoQuery).data?.read_only === true;
  const main = useFocusOnNewPage();

  useHotkeys([['mod+K', openPalette]], []);
  useKeys({
    '/': (event) => {
      event.preventDefault();
      openPalette();
    },
    '?': openSheet,
    'g h': () => void navigate({ to: '/' }),
    'g p': () => void navigate({ to: '/projects' }),
    'g a': () => void navigate({ to: '/audit' }),
    'g u': () => void navigate({ to: '/users' }),
    'g m': () => void navigate({ to: '/profile' }),
  });

  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <Header onMenu={openMenu} onPalette={openPalette} onKeys={openSheet} />
      <aside className={classes.side}>
        <Navigation />
      </aside>
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <div className={classes.content}>
          {readOnly && (
            <Alert color="amber" icon={<WarningIcon size={18} />} mb="lg">
              {t('shell.readOnly')}
            </Alert>
          )}
          <Outlet />
        </div>
      </main>
      <Suspense>
        {menu && <MobileMenu onClose={closeMenu} />}
        {palette && <CommandPalette onClose={closePalette} />}
        {sheet && <KeySheet onClose={closeSheet} />}
      </Suspense>
    </div>
  );
}

/** A new page is announced by moving the focus to its start, as a page load would. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const last = useRef<string>(undefined);
  useEffect(() => {
    if (last.current !== undefined && pathname !== undefined && last.current !== pathname) {
      main.current?.focus({ preventScroll: true });
    }
    if (pathname !== undefined) last.current = pathname;
  }, [pathname]);
  return main;
}
