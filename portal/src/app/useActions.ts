import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { languageNames, languages } from '@/i18n';
import { AddIcon, DarkThemeIcon, LanguageIcon, LightThemeIcon, SignInIcon, SignOutIcon } from '@/ui/icons';
import type { PaletteItem } from './paletteItem';
import { useAppearance } from './useAppearance';
import { useSignOut } from './useSignOut';

/** What can be done from anywhere. */
export function useActions(): PaletteItem[] {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { user } = useCurrentUser();
  const signOut = useSignOut();
  const { chooseLanguage, chooseTheme } = useAppearance();
  const action = (item: Omit<PaletteItem, 'group'>): PaletteItem => ({ ...item, group: 'actions' });
  return [
    ...(user ? [action({ id: 'new-project', name: t('projects.create'), icon: AddIcon, run: () => void navigate({ to: '/projects', search: { new: 'project' } }) })] : []),
    action({ id: 'light', name: t('palette.light'), icon: LightThemeIcon, run: () => chooseTheme('light') }),
    action({ id: 'dark', name: t('palette.dark'), icon: DarkThemeIcon, run: () => chooseTheme('dark') }),
    ...languages
      .filter((language) => language !== i18n.language)
      .map((language) => action({ id: language, name: languageNames[language], icon: LanguageIcon, run: () => chooseLanguage(language) })),
    user
      ? action({ id: 'sign-out', name: t('session.signOut'), icon: SignOutIcon, run: () => void signOut() })
      : action({ id: 'sign-in', name: t('session.signIn'), icon: SignInIcon, run: () => void navigate({ to: '/sign-in' }) }),
  ];
}
