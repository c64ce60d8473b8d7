import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CheckIcon, DarkThemeIcon, LightThemeIcon, SystemThemeIcon } from './icons';

const schemes = [
  { value: 'light', icon: LightThemeIcon },
  { value: 'dark', icon: DarkThemeIcon },
  { value: 'auto', icon: SystemThemeIcon },
] as const;

export function ThemeMenu() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  const Icon = shown === 'dark' ? DarkThemeIcon : LightThemeIcon;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('shell.theme')}>
          <Icon size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ value, icon: SchemeIcon }) => (
          <Menu.Item
            key={value}
            aria-current={colorScheme === value}
            leftSection={<SchemeIcon size={16} />}
            rightSection={colorScheme === value ? <CheckIcon size={14} /> : undefined}
            onClick={() => setColorScheme(value)}
          >
            {t(`theme.${value}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
