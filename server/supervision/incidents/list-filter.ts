import type { IncidentQuery, IncidentState } from '../../contracts/incidents.ts';
import { roleTarget, userTarget } from '../../storage/comment.store.ts';
import type { IncidentFilter } from '../../storage/incident-list.store.ts';
import { searchWords } from '../fold.ts';
import { plainDateOf, startOfDayMs } from '../local-time.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { seesTheCity } from './colleagues.ts';
import { endedStates, openStates } from './state-policy.ts';
import { notPermitted } from './visibility.ts';

export interface FilterContext {
  reachOf: ReachOf;
  nowMs: number;
  /** How far back an earlier case makes a repeat. */
  repeatDays: number;
}

const dayMs = 86_400_000;

/**
 * What a query asks for. An empty list is no filter; an empty `state` says that no case can match.
 * Errors: `not_permitted` where the head of a unit asks by what the unit may not know: people, comments, second readings, other cases, and
 * who moved a case on.
 */
export function filterOf(query: IncidentQuery, reader: Supervisor, context: FilterContext): IncidentFilter {
  const { nowMs } = context;
  if (!seesTheCity(reader, context.reachOf)) refuseForUnit(query);
  const dues = given([...(query.due ?? []), ...(query.overdue === true ? (['overdue'] as const) : [])]);
  return {
    words: searchWords(query.q ?? ''),
    unit: given(query.unit),
    camera: given(query.camera),
    category: given(query.category),
    severity: given(query.severity),
    state: statesOf(query),
    conclusion: given(query.conclusion),
    violation: query.violation,
    from: startOf(query, nowMs),
    to: query.to,
    createdFrom: query.createdFrom,
    createdTo: query.createdTo,
    dueBefore: query.dueBefore,
    due: dues === undefined ? undefined : { in: dues, nowMs },
    person: query.person === 'me' ? reader.userId : query.person,
    assignee: query.assignee === 'me' ? reader.userId : query.assignee,
    unassigned: query.unassigned,
    watchedBy: query.watching === true ? reader.userId : undefined,
    mentions: query.mentioned === true ? [userTarget(reader.userId), roleTarget(reader.role)] : undefined,
    repeatWithinMs: query.repeat === true ? context.repeatDays * dayMs : undefined,
    readAgain: given(query.readAgain),
    left: query.left === undefined ? undefined : { state: query.left, office: query.office, late: lateOf(query) },
  };
}

/** Errors: `not_permitted`. */
function refuseForUnit(query: IncidentQuery): void {
  const hidden = [query.person, query.assignee, query.unassigned, query.mentioned, query.repeat, query.readAgain];
  if (hidden.some((asked) => asked !== undefined)) throw notPermitted();
  if (query.left !== undefined && !(ownStates.has(query.left) && query.office === 'unit_head')) throw notPermitted();
}

/** States in which the unit has to act. */
export const ownStates: ReadonlySet<IncidentState> = new Set(['explanation_requested']);

function lateOf({ term }: IncidentQuery): boolean | undefined {
  return term === undefined ? undefined : term === 'late';
}

/** The later of what `from` and `days` say. */
function startOf({ from, days }: IncidentQuery, nowMs: number): number | undefined {
  if (days === undefined) return from;
  return Math.max(from ?? 0, startOfDayMs(plainDateOf(nowMs).subtract({ days: days - 1 })));
}

/** The states that `state` and `open` ask for together; undefined is any. */
function statesOf(query: IncidentQuery): IncidentState[] | undefined {
  const named = given(query.state);
  if (query.open === undefined) return named;
  const wanted = query.open ? openStates : endedStates;
  return wanted.filter((state) => named === undefined || named.includes(state));
}

function given<T>(list: T[] | undefined): T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
