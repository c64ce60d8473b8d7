import { ActionIcon, useComputedColorScheme, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CheckIcon, DarkThemeIcon, LightThemeIcon, SystemThemeIcon } from './icons';
import { Menu } from './Menu';

const schemes = [
  { value: 'light', icon: LightThemeIcon },
  { value: 'dark', icon: DarkThemeIcon },
  { value: 'auto', icon: SystemThemeIcon },
] as const;

/** Without onChoose the choice is this browser's alone. */
export function ThemeMenu({ onChoose }: { onChoose?: (scheme: MantineColorScheme) => void }) {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  const Icon = shown === 'dark' ? DarkThemeIcon : LightThemeIcon;
  return (
    <Menu
      target={
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('shell.theme')}>
          <Icon size={20} />
        </ActionIcon>
      }
    >
      {schemes.map(({ value, icon: SchemeIcon }) => (
        <Menu.Item
          key={value}
          aria-current={colorScheme === value}
          leftSection={<SchemeIcon size={16} />}
          rightSection={colorScheme === value ? <CheckIcon size={14} /> : undefined}
          onClick={() => (onChoose ?? setColorScheme)(value)}
        >
          {t(`theme.${value}`)}
        </Menu.Item>
      ))}
    </Menu>
  );
}
