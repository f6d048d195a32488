import type { Severity } from '../../contracts/common.ts';
import {
  type Due,
  entryDetails,
  type Incident,
  type IncidentEntry,
  type IncidentSummary,
} from '../../contracts/incidents.ts';
import { mediaPaths } from '../../contracts/media.ts';
import type { TimelineIncident } from '../../contracts/timeline.ts';
import { type IncidentEntryRow, type IncidentRow, noDueMs } from '../../storage/incident.store.ts';
import { type Calendar, workingDaysLeft } from '../calendar.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { judgeAll, type Relation } from './state-policy.ts';
import { viewOf } from './visibility.ts';

export interface PresentContext {
  reachOf: ReachOf;
  calendar: Calendar;
  nowMs: number;
}

/**
 * A case as this person may see it; call it only when `maySee` holds. The unit learns neither who flagged nor what was noted then, nor whose
 * work the case is. Pure, so that answers and socket events hide the same things.
 */
export function presentFor(person: Supervisor, row: IncidentRow, context: PresentContext): IncidentSummary {
  const city = seesPeople(person, context.reachOf);
  const dueAtMs = row.due_at_ms === noDueMs ? null : row.due_at_ms;
  const { assignee_id, assignee_name, assignee_role, duplicate_of_id, duplicate_of_number } = row;
  return {
    id: row.id,
    number: row.number,
    version: row.version,
    state: row.state,
    category: row.category,
    severity: row.severity as Severity,
    cameraId: row.camera_id,
    cameraName: row.camera_name,
    unitId: row.unit_id,
    unitName: row.unit_name,
    atMs: row.at_ms,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    note: city ? row.note : '',
    flaggedBy: city ? { name: row.flagged_by_name, role: row.flagged_by_role } : null,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    dueAtMs,
    workingDaysLeft: dueAtMs === null ? null : workingDaysLeft(context.calendar, null, context.nowMs, dueAtMs),
    due: dueOf(row, context.nowMs),
    escalatedAtMs: city ? row.escalated_at_ms : null,
    conclusion: row.conclusion,
    finding: row.finding,
    question: row.question,
    sentAtMs: row.sent_at_ms,
    closedAtMs: row.closed_at_ms,
    assignee:
      city && assignee_id !== null && assignee_role !== null
        ? { id: assignee_id, name: assignee_name ?? '', role: assignee_role }
        : null,
    duplicateOf:
      city && duplicate_of_id !== null ? { id: duplicate_of_id, number: duplicate_of_number ?? duplicate_of_id } : null,
    still: mediaPaths.incidentStill(row.id),
  };
}

/** How the term stands. A term of appeal that is over is nobody's delay. */
export function dueOf(row: Pick<IncidentRow, 'state' | 'due_at_ms' | 'soon_at_ms'>, nowMs: number): Due | null {
  if (row.due_at_ms === noDueMs) return null;
  if (row.due_at_ms < nowMs) return row.state === 'concluded' ? null : 'overdue';
  return row.soon_at_ms <= nowMs ? 'soon' : 'ok';
}

export function presentDetailFor(
  person: Supervisor,
  row: IncidentRow,
  entries: readonly IncidentEntryRow[],
  footage: Incident['footage'],
  context: PresentContext,
): Incident {
  const question = { state: row.state, role: person.role, relation: relationOf(person, row) };
  return {
    ...presentFor(person, row, context),
    history: entries.map((entry) => presentEntry(entry, seesPeople(person, context.reachOf))),
    steps: judgeAll(question, context.reachOf).map(({ step, verdict }) => ({
      step,
      allowed: verdict.allowed,
      refusal: verdict.allowed ? null : verdict.refusal,
      untilMs: null,
    })),
    draft: null,
    heldUntilMs: null,
    footage,
  };
}

export function presentOnTimeline(row: IncidentRow): TimelineIncident {
  return {
    id: row.id,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    atMs: row.at_ms,
    severity: row.severity as Severity,
    category: row.category,
  };
}

export function relationOf(person: Supervisor, row: IncidentRow): Relation {
  return { flagger: row.flagged_by_id === person.userId, ownUnit: row.unit_id === person.unitId };
}

function seesPeople(person: Supervisor, reachOf: ReachOf): boolean {
  return viewOf(person, reachOf) === 'city';
}

/** Steps that the unit is told of with the name and the words of whoever took them: what is addressed to it. */
const addressedToUnit: ReadonlySet<string> = new Set(['conclude']);

function presentEntry(entry: IncidentEntryRow, people: boolean): IncidentEntry {
  const plain = {
    seq: entry.seq,
    atMs: entry.at_ms,
    step: entry.step,
    system: false,
    address: people && entry.address !== '' ? entry.address : null,
    fromState: entry.from_state,
    toState: entry.to_state,
    dueAtMs: entry.due_at_ms,
    conclusion: entry.conclusion,
  };
  if (people || addressedToUnit.has(entry.step)) {
    const details = entryDetails.parse(JSON.parse(entry.details));
    return { ...plain, by: { name: entry.actor_name, role: entry.actor_role }, reason: entry.reason, details };
  }
  // Of the flag not even the office, nor its words.
  if (entry.step === 'flag') return { ...plain, by: null, reason: '', details: {} };
  return { ...plain, by: { name: '', role: entry.actor_role }, reason: '', details: {} };
}
