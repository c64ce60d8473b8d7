import { ActionIcon, Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languageNames, languages } from '@/i18n';
import { CheckIcon, LanguageIcon } from './icons';

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('shell.language')}>
          <LanguageIcon size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            aria-current={i18n.language === language}
            rightSection={i18n.language === language ? <CheckIcon size={14} /> : undefined}
            onClick={() => void chooseLanguage(language)}
          >
            {languageNames[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
