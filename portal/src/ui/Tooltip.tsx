import { useEffect, useLayoutEffect, useRef, useState, type FocusEvent, type PointerEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { placeBeside } from './place';
import classes from './Floating.module.css';

const delay = 250;

/**
 * A few words about a control while it is pointed at or has the focus. Never the only name of anything: the control
 * carries its own. Small and its own, because every page has some and a positioning engine would be a tenth of the
 * first load.
 */
export function Tooltip({ label, children }: { label: string; children: ReactNode }) {
  const [anchor, setAnchor] = useState<Element>();
  const timer = useRef<number>(undefined);
  const hide = () => {
    window.clearTimeout(timer.current);
    setAnchor(undefined);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);

  function onPointerEnter(event: PointerEvent<HTMLElement>) {
    if (event.pointerType === 'touch') return;
    const target = event.currentTarget.firstElementChild;
    window.clearTimeout(timer.current);
    if (target) timer.current = window.setTimeout(() => setAnchor(target), delay);
  }
  function onFocus(event: FocusEvent<HTMLElement>) {
    const target = event.currentTarget.firstElementChild;
    if (target && event.target.matches(':focus-visible')) setAnchor(target);
  }
  return (
    <span className={classes.anchor} onPointerEnter={onPointerEnter} onPointerLeave={hide} onPointerDown={hide} onFocus={onFocus} onBlur={hide}>
      {children}
      {anchor && <Bubble anchor={anchor} label={label} onHide={hide} />}
    </span>
  );
}

function Bubble({ anchor, label, onHide }: { anchor: Element; label: string; onHide: () => void }) {
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (bubble.current) placeBeside(bubble.current, anchor, { side: 'above', align: 'center', gap: 6 });
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && onHide();
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('scroll', onHide, true);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('scroll', onHide, true);
    };
  });
  // For the eyes: assistive technology has the control's name, which says as much.
  return createPortal(
    <div ref={bubble} className={classes.tooltip} aria-hidden>
      {label}
    </div>,
    document.body,
  );
}
