import { type RefObject, useEffect } from 'react';

const IDLE_MS = 3_000;

/**
 * Marks the element `data-idle` once neither pointer nor keyboard has been used for 3 s while the wall shows nothing but pictures: in full
 * screen, or always where `bare`. Past React: a pointer that moves draws nothing anew.
 */
export function useIdle(element: RefObject<HTMLElement | null>, bare: boolean): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rest = () => {
      const root = element.current;
      // A window that has just been opened may be drawn as a phone's first.
      if (!root && bare) timer = setTimeout(rest, IDLE_MS);
      if (root && (bare || document.fullscreenElement === root)) root.dataset.idle = '';
    };
    const used = () => {
      clearTimeout(timer);
      if (element.current) delete element.current.dataset.idle;
      timer = setTimeout(rest, IDLE_MS);
    };
    const uses = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;
    for (const use of uses) window.addEventListener(use, used, { capture: true, passive: true });
    document.addEventListener('fullscreenchange', used);
    used();
    return () => {
      clearTimeout(timer);
      for (const use of uses) window.removeEventListener(use, used, { capture: true });
      document.removeEventListener('fullscreenchange', used);
    };
  }, [element, bare]);
}
