import { Loader, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsOf } from '@/lib/search-terms';
import { SearchIcon } from '@/ui/icons';
import { Marked } from '@/ui/Marked';
import type { PaletteItem } from './paletteItem';
import { usePaletteItems } from './usePaletteItems';
import classes from './CommandPalette.module.css';

/** Goes anywhere and does the few things that belong to no page, from the keyboard. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const list = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 150);
  const { items, isLoading } = usePaletteItems(text.trim(), asked);
  const chosen = items[Math.min(active, items.length - 1)];

  function run(item: PaletteItem | undefined) {
    if (!item) return;
    onClose();
    item.run();
  }
  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (Math.min(active, items.length - 1) + step + items.length) % Math.max(items.length, 1);
      setActive(next);
      document.getElementById(`${list}-${items[next]?.id}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(chosen);
    }
  }
  const words = wordsOf(text);
  const groups = [...new Set(items.map((item) => item.group))];
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      size={600}
      padding={0}
      attributes={{ content: { 'aria-label': t('palette.title') } }}
      transitionProps={{ duration: 120 }}
    >
      <TextInput
        data-autofocus
        size="lg"
        variant="unstyled"
        className={classes.input}
        leftSection={<SearchIcon size={20} />}
        rightSection={isLoading ? <Loader size="xs" /> : undefined}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.title')}
        value={text}
        maxLength={255}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={chosen ? `${list}-${chosen.id}` : undefined}
      />
      <div id={list} role="listbox" aria-label={t('palette.results')} className={classes.list}>
        {groups.map((group) => (
          <div key={group} role="group" aria-labelledby={`${list}-${group}`}>
            <div id={`${list}-${group}`} className={classes.group} role="presentation">
              {t(`palette.groups.${group}`)}
            </div>
            {items
              .filter((item) => item.group === group)
              .map((item) => (
                <div
                  key={item.id}
                  id={`${list}-${item.id}`}
                  role="option"
                  aria-selected={item === chosen}
                  className={classes.item}
                  onClick={() => run(item)}
                  onMouseMove={(event) => {
                    // Browsers say that a pointer moves when something is drawn under it: that is nobody's choice.
                    if (event.movementX !== 0 || event.movementY !== 0) setActive(items.indexOf(item));
                  }}
                >
                  <item.icon size={18} stroke={1.7} />
                  <span className={classes.name}>
                    {item.group === 'recent' || item.group === 'search' ? item.name : <Marked text={item.name} words={words} />}
                  </span>
                  {item.hint && <span className={classes.hint}>{item.hint}</span>}
                </div>
              ))}
          </div>
        ))}
      </div>
      <p className={classes.keys}>{t('palette.keys')}</p>
      {items.length === 0 && !isLoading && (
        <p className={classes.none} role="status">
          {t('palette.none', { text })}
        </p>
      )}
    </Modal>
  );
}
