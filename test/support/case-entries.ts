import type { IncidentEntry, IncidentState } from '../../server/contracts/incidents.ts';

/** An entry of a case's history, with nothing in it but what is said. */
export function entryOf(
  seq: number,
  step: string,
  fromState: IncidentState | null,
  toState: IncidentState,
  more: Partial<IncidentEntry> = {},
): IncidentEntry {
  return {
    seq,
    atMs: seq * 100,
    step,
    by: null,
    system: false,
    address: null,
    fromState,
    toState,
    dueAtMs: null,
    conclusion: null,
    reason: '',
    details: {},
    ...more,
  };
}
