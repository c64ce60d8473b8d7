import { ActionIcon } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languageNames, languages, type Language } from '@/i18n';
import { CheckIcon, LanguageIcon } from './icons';
import { Menu } from './Menu';

/** Without onChoose the choice is this browser's alone. */
export function LanguageMenu({ onChoose = (language) => void chooseLanguage(language) }: { onChoose?: (language: Language) => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Menu
      target={
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('shell.language')}>
          <LanguageIcon size={20} />
        </ActionIcon>
      }
    >
      {languages.map((language) => (
        <Menu.Item
          key={language}
          lang={language}
          aria-current={i18n.language === language}
          rightSection={i18n.language === language ? <CheckIcon size={14} /> : undefined}
          onClick={() => onChoose(language)}
        >
          {languageNames[language]}
        </Menu.Item>
      ))}
    </Menu>
  );
}
