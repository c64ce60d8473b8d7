import {
  cloneElement,
  createContext,
  use,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ElementType,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';
import { placeBeside } from './place';
import classes from './Floating.module.css';

const Close = createContext<() => void>(() => undefined);

interface Props {
  /** the button that opens it; gets the attributes of a menu's button */
  target: ReactElement<Record<string, unknown>>;
  width?: number;
  /** Menu.Item, Menu.Label, Menu.Divider */
  children: ReactNode;
}

/** Actions behind a button, by mouse and by keys (WAI-ARIA menu button). Every page has one, so it is small. */
function MenuRoot({ target, width, children }: Props) {
  const id = useId();
  const [opened, setOpened] = useState(false);
  const button = () => document.getElementById(id);

  function close() {
    setOpened(false);
    button()?.focus({ preventScroll: true });
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpened(true);
  }
  return (
    <>
      {cloneElement(target, { id, 'aria-haspopup': 'menu', 'aria-expanded': opened, onClick: () => setOpened(!opened), onKeyDown })}
      {opened && (
        <Close value={close}>
          <List labelledBy={id} width={width} onClose={close} onLeave={() => setOpened(false)}>
            {children}
          </List>
        </Close>
      )}
    </>
  );
}

interface ListProps {
  labelledBy: string;
  width: number | undefined;
  onClose: () => void;
  /** closed without taking the focus back: it went elsewhere on purpose */
  onLeave: () => void;
  children: ReactNode;
}

function List({ labelledBy, width, onClose, onLeave, children }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];

  useLayoutEffect(() => {
    const button = document.getElementById(labelledBy);
    if (list.current && button) placeBeside(list.current, button, { side: 'below', align: 'end', gap: 4 });
    list.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
  }, [labelledBy]);
  useEffect(() => {
    function onPointerDown(event: PointerEvent) {
      const inside = (element: Element | null) => event.target instanceof Node && element?.contains(event.target);
      if (!inside(list.current) && !inside(document.getElementById(labelledBy))) onLeave();
    }
    const onScroll = (event: Event) => event.target !== list.current && onLeave();
    document.addEventListener('pointerdown', onPointerDown);
    window.addEventListener('scroll', onScroll, true);
    window.addEventListener('resize', onLeave);
    return () => {
      document.removeEventListener('pointerdown', onPointerDown);
      window.removeEventListener('scroll', onScroll, true);
      window.removeEventListener('resize', onLeave);
    };
  });

  function onKeyDown(event: KeyboardEvent) {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      all.at(target % all.length)?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key.length === 1) {
      const following = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      following.find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    }
  }
  return createPortal(
    <div ref={list} role="menu" aria-labelledby={labelledBy} className={classes.menu} style={{ width }} onKeyDown={onKeyDown}>
      {children}
    </div>,
    document.body,
  );
}

interface ItemProps {
  children: ReactNode;
  leftSection?: ReactNode;
  rightSection?: ReactNode;
  /** red: takes something away */
  color?: 'red';
  disabled?: boolean;
  onClick?: () => void;
  /** a router's link instead of a button, with its properties */
  component?: ElementType;
  [property: string]: unknown;
}

function Item({ children, leftSection, rightSection, color, disabled = false, onClick, component: Element = 'button', ...others }: ItemProps) {
  const close = use(Close);
  function choose() {
    if (disabled) return;
    close();
    onClick?.();
  }
  return (
    <Element
      {...(Element === 'button' ? { type: 'button' } : {})}
      {...others}
      role="menuitem"
      tabIndex={-1}
      className={classes.item}
      data-tone={color}
      aria-disabled={disabled || undefined}
      onClick={choose}
    >
      {leftSection}
      <span>{children}</span>
      {rightSection}
    </Element>
  );
}

const Divider = () => <div role="separator" className={classes.divider} />;
const Label = ({ children }: { children: ReactNode }) => <div className={classes.label}>{children}</div>;

export const Menu = Object.assign(MenuRoot, { Item, Divider, Label });
