import type { Due, IncidentState } from '../../contracts/incidents.ts';
import { addWorkingDays, type Calendar } from '../calendar.ts';
import type { Workflow } from '../city-schema.ts';
import { plainDateOf, startOfDayMs, timeZone } from '../local-time.ts';

export interface Term {
  /** The end of work of the last day, in UTC epoch ms. */
  dueAtMs: number;
  /** From when on at most one working day is left. */
  soonAtMs: number;
}

/** Whose working days count: those of the unit while it is the unit that has to act, else those of the city's offices (null). */
export function calendarOf(state: IncidentState, unitId: string): string | null {
  return state === 'explanation_requested' ? unitId : null;
}

/** The term of `state`, entered at `enteredMs`; null where nobody has to act. */
export function termOf(
  { calendar, workflow }: { calendar: Calendar; workflow: Pick<Workflow, 'terms'> },
  state: IncidentState,
  unitId: string,
  enteredMs: number,
): Term | null {
  const terms: Partial<Record<IncidentState, number>> = workflow.terms;
  const days = terms[state];
  if (days === undefined) return null;
  const owner = calendarOf(state, unitId);
  const dueAtMs = addWorkingDays(calendar, owner, enteredMs, days);
  return { dueAtMs, soonAtMs: lastWorkingDayBefore(calendar, owner, dueAtMs) };
}

const maxSearchDays = 1000;

/** Midnight at the start of the working day before the one of `atMs`. */
function lastWorkingDayBefore(calendar: Calendar, unitId: string | null, atMs: number): number {
  let date = plainDateOf(atMs);
  for (let i = 0; i < maxSearchDays; i++) {
    date = date.subtract({ days: 1 });
    if (calendar.day(unitId, date).stretches.length > 0) return startOfDayMs(date);
  }
  throw new RangeError(`no working day within ${maxSearchDays} days before`);
}

/**
 * The term of a state that was entered at `enteredMs`, counted anew after the calendar has changed. A term that gets shorter leaves the rest of the
 * present working day, as far as it had it before: nobody comes to be late by the change itself.
 */
export function termAgain(
  city: { calendar: Calendar; workflow: Pick<Workflow, 'terms'> },
  { state, unitId, enteredMs }: { state: IncidentState; unitId: string; enteredMs: number },
  dueAtMs: number,
  nowMs: number,
): Term | null {
  const term = termOf(city, state, unitId, enteredMs);
  if (term === null || term.dueAtMs >= dueAtMs) return term;
  const today = addWorkingDays(city.calendar, calendarOf(state, unitId), nowMs, 0);
  return { ...term, dueAtMs: Math.max(term.dueAtMs, Math.min(dueAtMs, today)) };
}

/** How a term stands; null where there is none. A term of appeal that is over is nobody's delay. */
export function dueOf(state: IncidentState, term: Term | null, nowMs: number): Due | null {
  if (term === null) return null;
  if (term.dueAtMs < nowMs) return state === 'concluded' ? null : 'overdue';
  return term.soonAtMs <= nowMs ? 'soon' : 'ok';
}

/** Until when the footage of a case is kept that ended at `closedMs`, in UTC epoch ms. */
export function heldUntil(closedMs: number, months: number): number {
  return zoned(closedMs).add({ months }).epochMilliseconds;
}

/** The footage of cases that ended at or before this moment is kept no longer, in UTC epoch ms. */
export function releasedBefore(nowMs: number, months: number): number {
  return zoned(nowMs).subtract({ months }).epochMilliseconds;
}

function zoned(atMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
}
