import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { remember, remembered } from '@/lib/storage';
import type core from './en';
import type { Areas } from './areas';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];
export type Area = keyof Areas;

/** A language's own name, the same in every language. */
export const languageNames: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文' };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof core & Areas };
  }
}

const coreTexts: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./en'),
  'zh-CN': () => import('./zh-CN'),
};
const areaTexts = import.meta.glob<object>('./*/*.json', { import: 'default' });

/** The areas that some page has asked for; another language has to bring them too. */
const wanted = new Set<Area>();

/** Every area that comes with a page. */
export const allAreas = (): Area[] => Object.keys(areaTexts).flatMap((path) => path.match(/\/en\/(\w+)\.json$/)?.[1] as Area);

export const isLanguage = (value: unknown): value is Language => languages.some((language) => language === value);

export function preferredLanguage(): Language {
  const stored = remembered('language');
  if (isLanguage(stored)) return stored;
  return navigator.languages.some((language) => language.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
}

async function loadCore(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const { default: texts } = await coreTexts[language]();
  i18next.addResourceBundle(language, 'translation', texts, true, false);
}

async function loadArea(language: Language, area: Area): Promise<void> {
  if (i18next.getResource(language, 'translation', area)) return;
  const load = areaTexts[`./${language}/${area}.json`];
  if (!load) throw new Error(`there is no text ${language}/${area}.json`);
  i18next.addResourceBundle(language, 'translation', { [area]: await load() }, true, false);
}

/** Brings the texts of a page's areas; the page is shown when they are there. */
export async function loadTexts(...areas: Area[]): Promise<void> {
  for (const area of areas) wanted.add(area);
  await Promise.all(areas.map((area) => loadArea(currentLanguage(), area)));
}

const currentLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : preferredLanguage());

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
  await loadCore(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  await loadCore(language);
  await Promise.all([...wanted].map((area) => loadArea(language, area)));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  remember('language', language);
}
