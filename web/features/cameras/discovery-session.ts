import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import type { FixResult } from '../../../server/contracts/camera-onboarding.ts';
import type { Credentials } from './credentials.ts';
import type { Draft } from './discovery-draft.ts';
import { NO_DRAFT } from './discovery-draft.ts';
import type { Placement } from './placement.ts';

/**
 * What a search for cameras has come to: it outlives leaving the page. The ids of runs and inspections also outlive a reload; the
 * credentials never leave the memory of this tab.
 */
export interface DiscoverySession {
  /** What was typed for the next search. */
  draft: Draft;
  runIds: readonly string[];
  credentials: ReadonlyMap<string, Credentials>;
  placements: ReadonlyMap<string, Placement>;
  selected: ReadonlySet<string>;
  /** The closer look at a device, by its key. */
  inspections: ReadonlyMap<string, string>;
  /** Why a closer look could not begin. */
  notInspected: ReadonlyMap<string, unknown>;
  /** What was changed on a device, latest last. */
  fixes: ReadonlyMap<string, readonly FixResult[]>;
  /** Devices that have become cameras here; the results of the run keep saying what was found before. */
  added: ReadonlyMap<string, string>;
}

const STORED = 'lienthong.discovery';
const EMPTY: DiscoverySession = {
  draft: NO_DRAFT,
  runIds: [],
  credentials: new Map(),
  placements: new Map(),
  selected: new Set(),
  inspections: new Map(),
  notInspected: new Map(),
  fixes: new Map(),
  added: new Map(),
};

const storedShape = z.object({ runIds: z.array(z.string()), inspections: z.array(z.tuple([z.string(), z.string()])) });

function stored(): Partial<DiscoverySession> {
  try {
    const { runIds, inspections } = storedShape.parse(JSON.parse(sessionStorage.getItem(STORED) ?? ''));
    return { runIds, inspections: new Map(inspections) };
  } catch {
    return {};
  }
}

let session: DiscoverySession | null = null;
const watchers = new Set<() => void>();
const current = () => {
  session ??= { ...EMPTY, ...stored() };
  return session;
};

export function updateSession(change: (before: DiscoverySession) => Partial<DiscoverySession>): void {
  session = { ...current(), ...change(current()) };
  try {
    const { runIds, inspections } = session;
    sessionStorage.setItem(STORED, JSON.stringify({ runIds, inspections: [...inspections] }));
  } catch {
    // Without storage a reload forgets the runs.
  }
  for (const watcher of watchers) watcher();
}

/** Begins anew with one run. */
export function startSession(runId: string, credentials: Credentials): void {
  updateSession(({ draft }) => ({ ...EMPTY, draft, runIds: [runId], credentials: new Map([[runId, credentials]]) }));
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

export function noteInspections(pairs: readonly (readonly [string, string])[]): void {
  updateSession((before) => ({
    inspections: new Map([...before.inspections, ...pairs]),
    notInspected: new Map([...before.notInspected].filter(([key]) => !pairs.some(([one]) => one === key))),
  }));
}

export function noteNotInspected(keys: readonly string[], error: unknown): void {
  updateSession((before) => ({
    notInspected: new Map([...before.notInspected, ...keys.map((key) => [key, error] as const)]),
  }));
}

/** Inspections that the server has forgotten before they could be read. */
export function forgetInspections(ids: readonly string[]): void {
  updateSession((before) => ({
    inspections: new Map([...before.inspections].filter(([, id]) => !ids.includes(id))),
  }));
}

export function noteFixes(key: string, results: readonly FixResult[]): void {
  updateSession((before) => ({
    fixes: new Map(before.fixes).set(key, [...(before.fixes.get(key) ?? []), ...results]),
  }));
}

export function useDiscoverySession(): DiscoverySession {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, current);
}
