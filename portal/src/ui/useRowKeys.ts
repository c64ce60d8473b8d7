import type { RefObject } from 'react';
import { useKeys } from './useKeys';

/** j and k move the focus along the first link of each row; x ticks the focused row's box. */
export function useRowKeys(body: RefObject<HTMLTableSectionElement | null>): void {
  function move(step: 1 | -1) {
    const rows = [...(body.current?.rows ?? [])];
    const links = rows.map((row) => row.querySelector<HTMLElement>('a[href], button')).filter((link) => link !== null);
    const focused = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
    const next = focused === -1 ? (step === 1 ? 0 : links.length - 1) : focused + step;
    links[next]?.focus();
    links[next]?.scrollIntoView({ block: 'nearest' });
  }
  function tick() {
    const row = [...(body.current?.rows ?? [])].find((each) => each.contains(document.activeElement));
    row?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click();
  }
  useKeys({ j: () => move(1), k: () => move(-1), x: tick });
}
