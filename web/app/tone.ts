import { useSyncExternalStore } from 'react';

export type Tone = 'light' | 'dark';

const STORED = 'lienthong.tone';
const watchers = new Set<() => void>();
let office: Tone = 'light';
try {
  office = localStorage.getItem(STORED) === 'dark' ? 'dark' : 'light';
} catch {
  // Without storage the office pages are light.
}

/** Picture pages are always dark. */
export function isPicturePage(pathname: string): boolean {
  return /^\/(wall|playback)(\/|$)/.test(pathname);
}

/** The tone that the person chose for office pages. */
export function useOfficeTone(): Tone {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => office,
  );
}

export function setOfficeTone(tone: Tone): void {
  office = tone;
  try {
    localStorage.setItem(STORED, tone);
  } catch {
    // The choice then lasts as long as the page.
  }
  for (const watcher of watchers) watcher();
}
