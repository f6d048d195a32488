import { type RefObject, useLayoutEffect, useState } from 'react';

const WIDTH = 356;
const GAP = 6;
const EDGE = 8;
const PHONE = 720;

export type Place = 'sheet' | { left: number; top: number } | null;

/** Where a card of 356 px stands beside an element: at its right, else at its left, else at the window's right edge; on a phone a sheet. */
export function placeBeside(
  anchor: { left: number; right: number; top: number },
  height: number,
  window: { width: number; height: number },
): Exclude<Place, null> {
  if (window.width <= PHONE) return 'sheet';
  const right = anchor.right + GAP;
  const left = anchor.left - GAP - WIDTH;
  const x = right + WIDTH + EDGE <= window.width ? right : left >= EDGE ? left : window.width - WIDTH - EDGE;
  return { left: x, top: Math.max(EDGE, Math.min(anchor.top, window.height - height - EDGE)) };
}

/** Keeps a card beside its anchor while either changes size. */
export function useBeside(card: RefObject<HTMLElement | null>, anchor: HTMLElement | null): Place {
  const [place, setPlace] = useState<Place>(null);
  useLayoutEffect(() => {
    const put = () => {
      const box = anchor?.getBoundingClientRect();
      const at = box ?? { left: 0, right: window.innerWidth, top: 72 };
      const next = placeBeside(at, card.current?.offsetHeight ?? 0, { width: innerWidth, height: innerHeight });
      setPlace((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
    };
    put();
    const watch = new ResizeObserver(put);
    if (card.current) watch.observe(card.current);
    if (anchor) watch.observe(anchor);
    window.addEventListener('resize', put);
    return () => {
      watch.disconnect();
      window.removeEventListener('resize', put);
    };
  }, [card, anchor]);
  return place;
}
