import type { Incident, IncidentEntry, IncidentState } from '../../../server/contracts/incidents.ts';

export interface WayStep {
  state: IncidentState;
  /** done: passed · now: waits here · to_come · ended: the case is over here. */
  status: 'done' | 'now' | 'to_come' | 'ended';
  /** When the case came here; null where it has not, or where nobody says. */
  atMs: number | null;
  /** Who brought it here; null where it has not come, or where the reader may not know. */
  by: IncidentEntry['by'];
  /** What was concluded by coming here; an appeal may have changed it since. */
  conclusion: IncidentEntry['conclusion'];
  /** End of the term that the state was given; null without one. */
  dueAtMs: number | null;
  /** How the state stood to its term once the case had left it; null while it waits, or where there was no term. */
  kept: 'in_time' | 'late' | null;
  /** Whether the superior was told that the term of the state had passed. */
  escalated: boolean;
}

type Course = Pick<Incident, 'state' | 'history' | 'createdAtMs'>;

const COURSE: readonly IncidentState[] = [
  'flagged',
  'verifying',
  'explanation_requested',
  'awaiting_conclusion',
  'concluded',
  'closed',
];
/** Where a case is over, other than at the end of the whole way. */
const EARLY_ENDS: ReadonlySet<IncidentState> = new Set(['no_violation', 'duplicate', 'referred']);

export const isEnded = (state: IncidentState): boolean => state === 'closed' || EARLY_ENDS.has(state);

/** The states of a case in their order: an appeal stands in the way where there is one; an early end follows what was passed. */
function wayOf({ state, history }: Course): IncidentState[] {
  const entered = new Set(history.map((entry) => entry.toState));
  if (EARLY_ENDS.has(state)) return [...COURSE.filter((one) => one === 'flagged' || entered.has(one)), state];
  const appealed = state === 'appealed' || entered.has('appealed');
  return COURSE.flatMap((one) => (one === 'closed' && appealed ? (['appealed', 'closed'] as const) : [one]));
}

/** The case's way through the workflow: who brought it where and when, the term of each state and how it was kept. */
export function wayOfCase(course: Course): WayStep[] {
  const { state, history, createdAtMs } = course;
  // Corrections and assignments leave the state as it was; only what moves the case enters a state.
  const entries = history.filter((entry) => entry.fromState !== entry.toState);
  const way = wayOf(course);
  const at = way.indexOf(state);
  const entryOf = (wanted: IncidentState | undefined) => entries.findLast((entry) => entry.toState === wanted);
  return way.map((step, index): WayStep => {
    const passed = index < at;
    const entry = index <= at ? entryOf(step) : undefined;
    const leftMs = passed ? (entryOf(way[index + 1])?.atMs ?? null) : null;
    const dueAtMs = entry?.dueAtMs ?? null;
    return {
      state: step,
      status: index > at ? 'to_come' : passed ? 'done' : isEnded(step) ? 'ended' : 'now',
      atMs: entry?.atMs ?? (step === 'flagged' && index <= at ? createdAtMs : null),
      by: entry?.by ?? null,
      conclusion: step === 'concluded' ? (entry?.conclusion ?? null) : null,
      dueAtMs,
      kept: dueAtMs === null || leftMs === null ? null : leftMs <= dueAtMs ? 'in_time' : 'late',
      escalated: history.some((one) => one.step === 'escalate' && one.toState === step),
    };
  });
}
