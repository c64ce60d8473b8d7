import { ActionIcon } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PinIcon, PinnedIcon } from './icons';
import { Tooltip } from './Tooltip';

/** Keeps a project at hand on the home page, or no longer. */
export function PinButton({ name, pinned, onToggle }: { name: string; pinned: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const Icon = pinned ? PinnedIcon : PinIcon;
  return (
    <Tooltip label={pinned ? t('projects.unpin') : t('projects.pin')}>
      <ActionIcon
        variant="subtle"
        color={pinned ? 'harbour' : 'gray'}
        size={28}
        aria-pressed={pinned}
        aria-label={t('projects.pinned', { name })}
        onClick={onToggle}
      >
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
