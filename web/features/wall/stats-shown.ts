import { useSyncExternalStore } from 'react';

/** `?stats` in the address that the wall was opened by shows the figures of every tile from the start; a key shows and hides them. */
let shown = new URLSearchParams(location.search).has('stats');
const watchers = new Set<() => void>();

export function toggleStats(): void {
  shown = !shown;
  for (const watcher of watchers) watcher();
}

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** Whether tiles show the figures of their streams. */
export function useStatsShown(): boolean {
  return useSyncExternalStore(watch, () => shown);
}
