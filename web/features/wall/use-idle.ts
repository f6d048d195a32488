import { type RefObject, useEffect } from 'react';

const IDLE_MS = 3_000;

/**
 * Marks the element `data-idle` once neither pointer nor keyboard has been used for 3 s while the wall shows nothing but pictures: in full
 * screen, or always where `bare`. Past React: a pointer that moves draws nothing anew.
 */
export function useIdle(element: RefObject<HTMLElement | null>, bare: boolean): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const used = () => {
      clearTimeout(timer);
      const root = element.current;
      if (!root) return;
      delete root.dataset.idle;
      if (!bare && document.fullscreenElement !== root) return;
      timer = setTimeout(() => {
        root.dataset.idle = '';
      }, IDLE_MS);
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
