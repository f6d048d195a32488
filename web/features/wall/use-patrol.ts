import { useEffect, useRef, useState } from 'react';
import type { WallView } from './wall-view-policy.ts';

export type PatrolStop = { view: WallView; name: string | null; savedId: string | null };

/** Seconds for which a page stays. */
export const PATROL_SECONDS = [10, 20, 30, 60] as const;

export type Patrol = {
  /** Where the patrol stands, or null while there is none. */
  at: { index: number; count: number; stop: PatrolStop } | null;
  paused: boolean;
  /** Until the next page, in ms. */
  leftMs: number;
  start: () => void;
  end: () => void;
  pause: () => void;
  resume: () => void;
  next: () => void;
};

/**
 * Turns through pages or views, one every so many seconds. Whoever touches anything, or presses a key, wants to look: then it stands
 * still until it is told to go on. Parts marked `data-patrol` are its own buttons.
 */
export function usePatrol(stops: readonly PatrolStop[], seconds: number): Patrol {
  const [run, setRun] = useState<{ index: number; leftMs: number; paused: boolean } | null>(null);
  const latest = useRef({ count: stops.length, seconds });
  useEffect(() => {
    latest.current = { count: stops.length, seconds };
  });
  const running = run !== null && !run.paused;
  useEffect(() => {
    if (!running) return;
    let before = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const passed = now - before;
      before = now;
      setRun((old) => {
        if (old === null || old.paused) return old;
        const { count, seconds: every } = latest.current;
        const leftMs = Math.min(old.leftMs, every * 1_000) - passed;
        return leftMs > 0
          ? { ...old, leftMs }
          : { ...old, index: (old.index + 1) % Math.max(1, count), leftMs: every * 1_000 };
      });
    }, 250);
    const touched = (event: Event) => {
      if (event.target instanceof Element && event.target.closest('[data-patrol]')) return;
      setRun((old) => old && { ...old, paused: true });
    };
    const touches = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const touch of touches) window.addEventListener(touch, touched, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      for (const touch of touches) window.removeEventListener(touch, touched, { capture: true });
    };
  }, [running]);

  const stop = run && stops.length > 0 ? stops[run.index % stops.length] : undefined;
  return {
    at: run && stop ? { index: run.index % stops.length, count: stops.length, stop } : null,
    paused: run?.paused ?? false,
    leftMs: run?.leftMs ?? 0,
    start: () => setRun({ index: 0, leftMs: seconds * 1_000, paused: false }),
    end: () => setRun(null),
    pause: () => setRun((old) => old && { ...old, paused: true }),
    resume: () => setRun((old) => old && { ...old, paused: false }),
    next: () =>
      setRun((old) => old && { ...old, index: (old.index + 1) % Math.max(1, stops.length), leftMs: seconds * 1_000 }),
  };
}
