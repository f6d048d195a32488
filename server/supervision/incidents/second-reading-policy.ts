import type { Conclusion, IncidentState } from '../../contracts/incidents.ts';

/** What was found of a case, by the first reader or the second. */
export interface Reading {
  violation: boolean;
  category: string;
  severity: number;
  conclusion: Conclusion | null;
}

/**
 * Whether the step decided the case, and how: a conclusion and a hand-over find a violation, a dismissal after the unit was heard finds none.
 * Null for any other step, also for a flag that was dropped before anybody answered.
 */
export function decisionOf(step: string, fromState: IncidentState | null): { violation: boolean } | null {
  if (step === 'conclude' || step === 'refer') return { violation: true };
  if (step === 'dismiss' && fromState === 'awaiting_conclusion') return { violation: false };
  return null;
}

/** `random` is in [0, 1). */
export function isDrawn(percent: number, random: number): boolean {
  return random * 100 < percent;
}

/** Two readers agree when they find the same: none, or the same violation with the same conclusion. The severity orders the queue only. */
export function agree(first: Reading, second: Reading): boolean {
  if (first.violation !== second.violation) return false;
  return !first.violation || (first.category === second.category && first.conclusion === second.conclusion);
}
