import { useSyncExternalStore } from 'react';
import { serverNow } from '../api/server-clock.ts';

const SECOND = 1000;
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let now = serverNow();

function tick(): void {
  now = serverNow();
  for (const watcher of watchers) watcher();
  timer = setTimeout(tick, SECOND - (now % SECOND));
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  if (watchers.size === 1) tick();
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) clearTimeout(timer);
  };
}

/**
 * The time in epoch ms by the server's clock, told once every `stepMs` (a multiple of a second) at its turn; all users share one timer.
 */
export function useNow(stepMs = SECOND): number {
  return useSyncExternalStore(watch, () => Math.floor(now / stepMs) * stepMs);
}
