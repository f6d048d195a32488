import { useSyncExternalStore } from 'react';
import type { Credentials } from './credentials.ts';
import type { Placement } from './placement.ts';

/**
 * What a search for cameras has come to: it outlives leaving the page. The runs' ids also outlive a reload; the credentials
 * never leave the memory of this tab.
 */
export interface DiscoverySession {
  runIds: readonly string[];
  credentials: ReadonlyMap<string, Credentials>;
  placements: ReadonlyMap<string, Placement>;
  selected: ReadonlySet<string>;
  /** Devices that have become cameras here; the results of the run keep saying what was found before. */
  added: ReadonlyMap<string, string>;
}

const STORED = 'lienthong.discovery';
const EMPTY: DiscoverySession = {
  runIds: [],
  credentials: new Map(),
  placements: new Map(),
  selected: new Set(),
  added: new Map(),
};

function storedRuns(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

let session: DiscoverySession | null = null;
const watchers = new Set<() => void>();
const current = () => {
  session ??= { ...EMPTY, runIds: storedRuns() };
  return session;
};

export function updateSession(change: (before: DiscoverySession) => Partial<DiscoverySession>): void {
  session = { ...current(), ...change(current()) };
  try {
    sessionStorage.setItem(STORED, JSON.stringify(session.runIds));
  } catch {
    // Without storage a reload forgets the runs.
  }
  for (const watcher of watchers) watcher();
}

/** Begins anew with one run. */
export function startSession(runId: string, credentials: Credentials): void {
  updateSession(() => ({ ...EMPTY, runIds: [runId], credentials: new Map([[runId, credentials]]) }));
}

/** Adds a run that tries some devices again. */
export function addRun(runId: string, credentials: Credentials): void {
  updateSession((before) => ({
    runIds: [...before.runIds, runId],
    credentials: new Map(before.credentials).set(runId, credentials),
  }));
}

export function forgetRuns(runIds: readonly string[]): void {
  updateSession((before) => ({ runIds: before.runIds.filter((id) => !runIds.includes(id)) }));
}

export function setPlacements(placements: ReadonlyMap<string, Placement>): void {
  updateSession((before) => ({ placements: new Map([...before.placements, ...placements]) }));
}

export function select(keys: readonly string[], on: boolean): void {
  updateSession((before) => {
    const selected = new Set(before.selected);
    for (const key of keys) {
      if (on) selected.add(key);
      else selected.delete(key);
    }
    return { selected };
  });
}

export function noteAdded(key: string, cameraId: string): void {
  updateSession((before) => ({ added: new Map(before.added).set(key, cameraId) }));
}

export function useDiscoverySession(): DiscoverySession {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, current);
}
