import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchIcon } from './icons';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** where searching is what the page is for */
  autoFocus?: boolean;
  wide?: boolean;
}

/** Filters while typing, a moment after the last key. */
export function SearchInput({ label, value, onChange, autoFocus = false, wide = false }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    // The address changed under the field: back, forward, or a link.
    setSeen(value);
    if (value !== text.trim()) setText(value);
  }
  const later = useDebouncedCallback(onChange, 250);
  function change(next: string) {
    setText(next);
    later(next.trim());
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<SearchIcon size={16} />}
      rightSection={
        text !== '' && <CloseButton size="sm" aria-label={t('common.clear')} onClick={() => change('')} />
      }
      autoFocus={autoFocus}
      maxLength={wide ? 255 : 128}
      w={{ base: '100%', sm: wide ? 440 : 280 }}
    />
  );
}
