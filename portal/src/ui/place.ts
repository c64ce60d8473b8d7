export interface Placement {
  side: 'above' | 'below';
  align: 'center' | 'end';
  gap: number;
}

interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const margin = 8;

/** Where a box of that size goes: on the wanted side where there is room, else on the other, always inside the window. */
export function placeFor(anchor: Box, size: { width: number; height: number }, view: { width: number; height: number }, wanted: Placement) {
  const above = anchor.top - wanted.gap - size.height;
  const below = anchor.bottom + wanted.gap;
  const fitsAbove = above >= margin;
  const fitsBelow = below + size.height <= view.height - margin;
  const goesAbove = wanted.side === 'above' ? fitsAbove || !fitsBelow : !fitsBelow && fitsAbove;
  const left = wanted.align === 'end' ? anchor.right - size.width : (anchor.left + anchor.right - size.width) / 2;
  return {
    top: Math.max(margin, goesAbove ? above : below),
    left: Math.max(margin, Math.min(left, view.width - size.width - margin)),
  };
}

/** Puts a fixed element beside another one. */
export function placeBeside(element: HTMLElement, anchor: Element, wanted: Placement): void {
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight };
  const { top, left } = placeFor(anchor.getBoundingClientRect(), size, view, wanted);
  element.style.top = `${Math.round(top)}px`;
  element.style.left = `${Math.round(left)}px`;
}
