import type { Severity } from '../../contracts/common.ts';
import {
  type ConclusionDraft,
  entryDetails,
  type Incident,
  type IncidentEntry,
  type IncidentSummary,
} from '../../contracts/incidents.ts';
import { mediaPaths } from '../../contracts/media.ts';
import type { TimelineIncident } from '../../contracts/timeline.ts';
import type { ConclusionDraftRow } from '../../storage/conclusion-draft.store.ts';
import { type IncidentEntryRow, type IncidentRow, noDueMs } from '../../storage/incident.store.ts';
import { type Calendar, workingDaysLeft } from '../calendar.ts';
import type { Workflow } from '../city-schema.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { calendarOf, dueOf, heldUntil } from './deadline-policy.ts';
import { judgeAll, type Question, type Relation } from './state-policy.ts';
import { viewOf } from './visibility.ts';

export interface PresentContext {
  reachOf: ReachOf;
  calendar: Calendar;
  nowMs: number;
}

export interface DetailContext extends PresentContext {
  workflow: Pick<Workflow, 'keepFootageMonths'>;
}

/** What belongs to a case besides its row. */
export interface CaseParts {
  entries: readonly IncidentEntryRow[];
  draft: ConclusionDraftRow | undefined;
  footage: Incident['footage'];
}

/**
 * A case as this person may see it; call it only when `maySee` holds. The unit learns neither who flagged nor what was noted then, whose work the
 * case is, nor of changes that do not concern it. Pure, so that answers and socket events hide the same things.
 */
export function presentFor(person: Supervisor, row: IncidentRow, context: PresentContext): IncidentSummary {
  const city = seesCity(person, context.reachOf);
  const { nowMs, calendar } = context;
  const dueAtMs = row.due_at_ms === noDueMs ? null : row.due_at_ms;
  const { assignee_id, assignee_name, assignee_role, duplicate_of_id, duplicate_of_number } = row;
  return {
    id: row.id,
    number: row.number,
    version: versionFor(person, row, context.reachOf),
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
    updatedAtMs: city ? row.updated_at_ms : row.unit_changed_at_ms,
    dueAtMs,
    workingDaysLeft:
      dueAtMs === null ? null : workingDaysLeft(calendar, calendarOf(row.state, row.unit_id), nowMs, dueAtMs),
    due: dueOf(row.state, dueAtMs === null ? null : { dueAtMs, soonAtMs: row.soon_at_ms }, nowMs),
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

/** The version that a person decides on: for the unit, that of the last change it may know of. */
export function versionFor(
  person: Supervisor,
  row: Pick<IncidentRow, 'version' | 'unit_version'>,
  reachOf: ReachOf,
): number {
  return seesCity(person, reachOf) ? row.version : row.unit_version;
}

export function presentDetailFor(
  person: Supervisor,
  row: IncidentRow,
  { entries, draft, footage }: CaseParts,
  context: DetailContext,
): Incident {
  const question = questionOf(person, row, context.nowMs);
  const untilMs = row.due_at_ms === noDueMs ? null : row.due_at_ms;
  return {
    ...presentFor(person, row, context),
    history: presentEntries(person, entries, context.reachOf),
    steps: judgeAll(question, context.reachOf).map(({ step, verdict }) => {
      const refusal = verdict.allowed ? null : verdict.refusal;
      const byTerm = (step === 'appeal' && verdict.allowed) || refusal === 'term_not_over';
      return { step, allowed: verdict.allowed, refusal, untilMs: byTerm ? untilMs : null };
    }),
    draft: draft !== undefined && seesCity(person, context.reachOf) ? presentDraft(draft) : null,
    heldUntilMs: row.closed_at_ms === null ? null : heldUntil(row.closed_at_ms, context.workflow.keepFootageMonths),
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

/** What the state policy is asked of a person and a case. */
export function questionOf(person: Supervisor, row: IncidentRow, nowMs: number): Question {
  const relation: Relation = {
    flagger: row.flagged_by_id === person.userId,
    concluder: row.concluded_by_id === person.userId,
    ownUnit: row.unit_id === person.unitId,
  };
  return {
    state: row.state,
    role: person.role,
    relation,
    termOver: row.due_at_ms !== noDueMs && row.due_at_ms < nowMs,
  };
}

function seesCity(person: Supervisor, reachOf: ReachOf): boolean {
  return viewOf(person, reachOf) === 'city';
}

export function presentDraft(row: ConclusionDraftRow): ConclusionDraft {
  const by = { name: row.author_name, role: row.author_role };
  return { conclusion: row.conclusion, text: row.text, by, atMs: row.at_ms };
}

/** How much the unit is told of an entry. What is not named is not shown to it. */
const unitView: Readonly<Record<string, 'words' | 'office' | 'bare'>> = {
  flag: 'bare',
  verify: 'office',
  request_explanation: 'words',
  proceed: 'words',
  dismiss: 'words',
  explain: 'words',
  appeal: 'words',
  conclude: 'words',
  refer: 'words',
  judge_appeal: 'words',
  close: 'office',
  term_changed: 'words',
};
/** Never taken by whoever flagged, or taken by the unit itself: with the name. Elsewhere the office speaks. */
const named: ReadonlySet<string> = new Set(['explain', 'appeal', 'conclude', 'refer', 'judge_appeal']);

/** Whether the unit may know that the step was taken. */
export const isForUnit = (step: string): boolean => unitView[step] !== undefined;

/** Whether the unit reads the words of the step. */
export const saysToUnit = (step: string): boolean => unitView[step] === 'words';

/** The entries that the person may see, with what of them the person may see. */
export function presentEntries(
  person: Supervisor,
  entries: readonly IncidentEntryRow[],
  reachOf: ReachOf,
): IncidentEntry[] {
  if (seesCity(person, reachOf)) return entries.map((entry) => ({ ...plain(entry), address: entry.address || null }));
  // Numbered anew: a hole in the row would tell of what the unit may not know.
  return entries.filter(({ step }) => isForUnit(step)).map((entry, i) => ({ ...forUnit(entry), seq: i + 1 }));
}

function plain(entry: IncidentEntryRow): IncidentEntry {
  const system = entry.actor_role === 'system';
  return {
    seq: entry.seq,
    atMs: entry.at_ms,
    step: entry.step,
    by: system ? null : { name: entry.actor_name, role: entry.actor_role },
    system,
    address: null,
    fromState: entry.from_state,
    toState: entry.to_state,
    dueAtMs: entry.due_at_ms,
    conclusion: entry.conclusion,
    reason: entry.reason,
    details: entryDetails.parse(JSON.parse(entry.details)),
  };
}

function forUnit(entry: IncidentEntryRow): IncidentEntry {
  const whole = plain(entry);
  const view = unitView[entry.step];
  const by =
    view === 'bare' || whole.by === null ? null : { ...whole.by, name: named.has(entry.step) ? whole.by.name : '' };
  return view === 'words' ? { ...whole, by } : { ...whole, by, reason: '', details: {} };
}
