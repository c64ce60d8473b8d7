import { ActionIcon } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CheckIcon, CopyIcon } from './icons';
import { Tooltip } from './Tooltip';
import { useCopy } from './useCopy';

interface Props {
  text: string;
  label: string;
  size?: 'sm' | 'md';
}

export function CopyButton({ text, label, size = 'sm' }: Props) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  const name = copied ? t('common.copied') : label;
  return (
    <Tooltip label={name}>
      <ActionIcon
        variant="subtle"
        color={copied ? 'green' : 'gray'}
        size={size === 'sm' ? 24 : 32}
        aria-label={name}
        onClick={() => void copy(text)}
      >
        {copied ? <CheckIcon size={size === 'sm' ? 14 : 16} /> : <CopyIcon size={size === 'sm' ? 14 : 16} />}
      </ActionIcon>
    </Tooltip>
  );
}
