import { NativeSelect, SegmentedControl, Stack, Switch, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangePreferences, usePreferences } from '@/api/preferences';
import type { Preferences } from '@/api/types';
import { chooseLanguage, languageNames, languages, type Language } from '@/i18n';
import { clients, isClient, type Client } from '@/lib/pull-command';
import { useClient } from '@/ui/CopyCommand';
import { notify } from '@/ui/notify';
import { Panel } from '@/ui/Panel';
import { areKeysOn, setKeysOn } from '@/ui/useKeys';

/** Choices that go along to every browser; only the keys are this one's, as are the tools that would press them. */
export function Appearance() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const preferences = usePreferences();
  const change = useChangePreferences();
  const { client, choose } = useClient();
  const [keysOn, setOn] = useState(areKeysOn);
  const languageLabel = useId();
  const themeLabel = useId();
  const save = (preference: Preferences) =>
    change.mutate(preference, { onError: (error) => notify.failed(t('profile.preferenceFailed'), error) });
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
            onChange={(value) => {
              const language = value as Language;
              void chooseLanguage(language);
              save({ language });
            }}
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
            onChange={(value) => {
              const theme = value as MantineColorScheme;
              setColorScheme(theme);
              save({ theme });
            }}
            data={[
              { value: 'light', label: t('theme.light') },
              { value: 'dark', label: t('theme.dark') },
              { value: 'auto', label: t('theme.auto') },
            ]}
          />
        </Stack>
        <NativeSelect
          label={t('profile.client')}
          description={t('profile.clientText')}
          value={isClient(preferences?.pull_client) ? preferences.pull_client : client}
          onChange={(event) => {
            choose(event.currentTarget.value);
            save({ pull_client: event.currentTarget.value as Client });
          }}
          data={[...clients]}
          maw={320}
        />
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
