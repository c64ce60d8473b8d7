import { SegmentedControl, Stack, Switch, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, languageNames, languages, type Language } from '@/i18n';
import { Panel } from '@/ui/Panel';
import { areKeysOn, setKeysOn } from '@/ui/useKeys';

/** Choices of this browser, not of the account. */
export function Appearance() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [keysOn, setOn] = useState(areKeysOn);
  const languageLabel = useId();
  const themeLabel = useId();
  return (
    <Panel title={t('profile.appearance')} text={t('profile.appearanceText')}>
      <Stack gap="lg" align="flex-start">
        <Stack gap={6}>
          <Text size="sm" fw={500} id={languageLabel}>
            {t('shell.language')}
          </Text>
          <SegmentedControl
            aria-labelledby={languageLabel}
            value={i18n.language}
            onChange={(language) => void chooseLanguage(language as Language)}
            data={languages.map((language) => ({ value: language, label: languageNames[language] }))}
          />
        </Stack>
        <Stack gap={6}>
          <Text size="sm" fw={500} id={themeLabel}>
            {t('shell.theme')}
          </Text>
          <SegmentedControl
            aria-labelledby={themeLabel}
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
            data={[
              { value: 'light', label: t('theme.light') },
              { value: 'dark', label: t('theme.dark') },
              { value: 'auto', label: t('theme.auto') },
            ]}
          />
        </Stack>
        <Switch
          label={t('keys.single')}
          description={t('keys.singleText')}
          checked={keysOn}
          onChange={(event) => {
            setOn(event.currentTarget.checked);
            setKeysOn(event.currentTarget.checked);
          }}
        />
      </Stack>
    </Panel>
  );
}
