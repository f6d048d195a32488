import type { Incident } from '../../../server/contracts/incidents.ts';

/** What others did to a case since `base` was read: the newest entries, oldest first. */
export function changesSince(base: Pick<Incident, 'version' | 'history'>, now: Pick<Incident, 'version' | 'history'>) {
  if (now.version <= base.version) return [];
  const known = new Set(base.history.map(({ seq }) => seq));
  return now.history.filter(({ seq }) => !known.has(seq));
}

export type FootageVerdict = 'pending' | 'complete' | 'partial' | 'none';

/** How much of the stretch there is. Footage still to come is not missing. */
export function footageOf({ recorded, complete, pending }: Incident['footage']): FootageVerdict {
  if (pending) return 'pending';
  if (complete) return 'complete';
  return recorded.length > 0 ? 'partial' : 'none';
}

/** Milliseconds of the stretch that are recorded. */
export function recordedMs({ recorded }: Incident['footage']): number {
  return recorded.reduce((sum, [from, to]) => sum + (to - from), 0);
}

/** The cases before and after one, in the order of the list. */
export function neighbours(ids: readonly string[], id: string): { previous: string | null; next: string | null } {
  const at = ids.indexOf(id);
  if (at < 0) return { previous: null, next: null };
  return { previous: ids[at - 1] ?? null, next: ids[at + 1] ?? null };
}
