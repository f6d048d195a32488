import type { Incident, IncidentState, IncidentStep } from '../../../server/contracts/incidents.ts';

export interface StepperStep {
  state: IncidentState;
  /** done: passed · now: waits here · to_come · ended: the case is over here. */
  status: 'done' | 'now' | 'to_come' | 'ended';
  /** When the case came here; null where it has not, or where nobody says. */
  atMs: number | null;
  /** How long the case stayed here, once it has left. */
  tookMs: number | null;
}

type Course = Pick<Incident, 'state' | 'history' | 'createdAtMs'>;

/** The case's way through the first workflow. A case that ended early shows the states it passed, then its end. */
export function stepperOf({ state, history, createdAtMs }: Course): StepperStep[] {
  const entered = (wanted: IncidentState) =>
    history.findLast((entry) => entry.toState === wanted && entry.fromState !== wanted)?.atMs ??
    (wanted === 'flagged' ? createdAtMs : null);
  const way: IncidentState[] =
    state === 'no_violation'
      ? ['flagged', ...(entered('verifying') === null ? [] : (['verifying'] as const)), 'no_violation']
      : ['flagged', 'verifying', 'concluded'];
  const at = way.indexOf(state);
  return way.map((step, index) => {
    const atMs = index <= at ? entered(step) : null;
    const next = way[index + 1];
    const leftMs = index < at && next !== undefined ? entered(next) : null;
    const ends = step === 'concluded' || step === 'no_violation';
    return {
      state: step,
      status: index > at ? 'to_come' : index < at ? 'done' : ends ? 'ended' : 'now',
      atMs,
      tookMs: atMs === null || leftMs === null ? null : Math.max(0, leftMs - atMs),
    };
  });
}

export interface Actions {
  /** What the card is named after: the step that comes next for the case, allowed or not; null when the case has ended. */
  next: 'verify' | 'conclude' | null;
  /** The next step, when the reader may take it. */
  primary: 'verify' | 'conclude' | null;
  dismiss: boolean;
  /** Why the reader may not take the next step, as a key of the words. */
  refusal: string | null;
}

const NEXT: Record<IncidentState, Actions['next']> = {
  flagged: 'verify',
  verifying: 'conclude',
  explanation_requested: null,
  awaiting_conclusion: null,
  concluded: null,
  appealed: null,
  closed: null,
  no_violation: null,
  duplicate: null,
  referred: null,
};
const REFUSALS = new Set(['not_permitted', 'step_out_of_order', 'flagger_cannot_conclude']);

/** What the reader may do with a case now. Steps out of their order are left out: they teach nothing. */
export function actionsOf({ state, steps }: Pick<Incident, 'state' | 'steps'>): Actions {
  const find = (step: IncidentStep) => steps.find((one) => one.step === step);
  const next = NEXT[state];
  const verdict = next === null ? undefined : find(next);
  const dismiss = next !== null && find('dismiss')?.allowed === true;
  if (next === null || verdict?.allowed) return { next, primary: next, dismiss, refusal: null };
  const code = verdict?.refusal ?? 'not_permitted';
  const known = REFUSALS.has(code) ? code : 'other';
  return { next, primary: null, dismiss, refusal: code === 'not_permitted' ? `not_permitted_${next}` : known };
}

/** What others did to a case since `base` was read: the newest entries, oldest first. */
export function changesSince(base: Pick<Incident, 'version' | 'history'>, now: Pick<Incident, 'version' | 'history'>) {
  if (now.version <= base.version) return [];
  const known = new Set(base.history.map((entry) => `${entry.atMs} ${entry.step} ${entry.toState}`));
  return now.history.filter((entry) => !known.has(`${entry.atMs} ${entry.step} ${entry.toState}`));
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
