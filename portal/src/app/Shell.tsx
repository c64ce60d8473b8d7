import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { rememberVisit } from '@/lib/recent';
import { useKeys } from '@/ui/useKeys';
import { ConnectionBar } from './ConnectionBar';
import { Header } from './Header';
import { Navigation } from './Navigation';
import { Notices } from './Notices';
import { pages } from './pages';
import { useChosenAppearance } from './useAppearance';
import classes from './Shell.module.css';

const MobileMenu = lazy(() => import('./MobileMenu').then((m) => ({ default: m.MobileMenu })));
const loadPalette = () => import('./CommandPalette');
const CommandPalette = lazy(() => loadPalette().then((m) => ({ default: m.CommandPalette })));
const KeySheet = lazy(() => import('./KeySheet').then((m) => ({ default: m.KeySheet })));

/** What surrounds every page but sign-in. */
export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [menu, { open: openMenu, close: closeMenu }] = useDisclosure();
  const [palette, { open: openPalette, close: closePalette }] = useDisclosure();
  const [sheet, { open: openSheet, close: closeSheet }] = useDisclosure();
  const main = useFocusOnNewPage();
  useChosenAppearance();
  useFetchedAhead();

  useHotkeys([['mod+K', openPalette]], []);
  useKeys({
    '/': (event) => {
      event.preventDefault();
      openPalette();
    },
    '?': openSheet,
    ...Object.fromEntries(pages.map((page) => [page.keys, () => void navigate({ to: page.to })])),
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
          <Notices />
          <Outlet />
        </div>
      </main>
      <ConnectionBar />
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
    if (pathname !== undefined) {
      last.current = pathname;
      rememberVisit(pathname);
    }
  }, [pathname]);
  return main;
}

/** The palette has to be there at the press of a key: it is fetched with the first sign that somebody is at work. */
function useFetchedAhead() {
  useEffect(() => {
    const fetchOnce = () => void loadPalette();
    window.addEventListener('pointermove', fetchOnce, { once: true, passive: true });
    window.addEventListener('keydown', fetchOnce, { once: true });
    return () => {
      window.removeEventListener('pointermove', fetchOnce);
      window.removeEventListener('keydown', fetchOnce);
    };
  }, []);
}
