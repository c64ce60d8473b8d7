import { useEffect, useRef } from 'react';
import { remember, remembered } from '@/lib/storage';

const sequenceWindow = 1200;

/** WCAG 2.1.4: keys without a modifier can be switched off, since speech input may trigger them. */
export const areKeysOn = () => remembered('keys') !== 'off';
export const setKeysOn = (on: boolean) => remember('keys', on ? 'on' : 'off');

/**
 * Single keys ("j", "?") and two-key sequences ("g p"). Silent while the reader types, uses a modifier, or a dialog or
 * a menu is open.
 */
export function useKeys(bindings: Record<string, (event: KeyboardEvent) => void>): void {
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    let first = '';
    let pressedAt = 0;
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"],[role="menu"]') || !areKeysOn()) return;
      const sequence = event.timeStamp - pressedAt < sequenceWindow ? `${first} ${event.key}` : event.key;
      const action = current.current[sequence] ?? current.current[event.key];
      first = event.key;
      pressedAt = event.timeStamp;
      if (!action) return;
      first = '';
      action(event);
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.role === 'combobox')
  );
}
