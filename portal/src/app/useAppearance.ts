import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { useChangePreferences, usePreferences } from '@/api/preferences';
import { chooseLanguage as speak, isLanguage, type Language } from '@/i18n';
import { isClient } from '@/lib/pull-command';
import { remember, remembered } from '@/lib/storage';

const isScheme = (value: unknown): value is MantineColorScheme => value === 'light' || value === 'dark' || value === 'auto';

/** Changes language and theme: here at once, and for somebody who is signed in everywhere. */
export function useAppearance() {
  const { user } = useCurrentUser();
  const { setColorScheme } = useMantineColorScheme();
  const change = useChangePreferences();
  return {
    chooseLanguage(language: Language) {
      void speak(language);
      if (user) change.mutate({ language });
    },
    chooseTheme(theme: MantineColorScheme) {
      setColorScheme(theme);
      if (user) change.mutate({ theme });
    },
  };
}

/** Brings what somebody chose in another browser into this one. */
export function useChosenAppearance(): void {
  const { i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { language, theme, pull_client: pullClient } = usePreferences() ?? {};
  useEffect(() => {
    if (isLanguage(language) && language !== i18n.language) void speak(language);
    // Once for each answer: what is chosen here afterwards is newer than the answer.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [language]);
  useEffect(() => {
    if (isScheme(theme) && theme !== colorScheme) setColorScheme(theme);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [theme]);
  useEffect(() => {
    if (isClient(pullClient) && remembered('client') === null) remember('client', pullClient);
  }, [pullClient]);
}
