import type { IncidentState } from '../../contracts/incidents.ts';
import { addWorkingDays, type Calendar } from '../calendar.ts';

/**
 * Working days that a case may stay in a state, counted from the day after it entered. They are the city's own working days:
 * it is the city's offices that verify and conclude.
 */
const terms: Partial<Record<IncidentState, number>> = {
  /** To begin verifying. */
  flagged: 2,
  /** To conclude. */
  verifying: 5,
};

/** When the term of `state`, entered at `enteredMs`, ends: the end of that working day in UTC epoch ms; null where nobody has to act. */
export function dueAt(calendar: Calendar, state: IncidentState, enteredMs: number): number | null {
  const days = terms[state];
  return days === undefined ? null : addWorkingDays(calendar, null, enteredMs, days);
}
