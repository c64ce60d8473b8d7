import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { remember, remembered } from '@/lib/storage';
import type en from './en.json';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** A language's own name, the same in every language. */
export const languageNames: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文' };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

const texts: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./en.json'),
  'zh-CN': () => import('./zh-CN.json'),
};

const isLanguage = (value: unknown): value is Language => languages.some((language) => language === value);

export function preferredLanguage(): Language {
  const stored = remembered('language');
  if (isLanguage(stored)) return stored;
  return navigator.languages.some((language) => language.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const { default: text } = await texts[language]();
  i18next.addResourceBundle(language, 'translation', text);
}

export async function startLanguage(): Promise<void> {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    partialBundledLanguages: true,
    resources: {},
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  remember('language', language);
}
