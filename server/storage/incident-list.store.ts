import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Conclusion, Due, IncidentState } from '../contracts/incidents.ts';
import type { Role } from '../contracts/roles.ts';
import type { Queries } from './database.ts';
import { type IncidentRow, type IncidentView, noDueMs, visible } from './incident.store.ts';
import type { Schema } from './schema.ts';

export type IncidentSort = 'newest' | 'due';

export interface IncidentFilter {
  /** Folded words, all of which occur in what the reader may see. */
  words: readonly string[];
  unit?: readonly string[] | undefined;
  camera?: readonly string[] | undefined;
  category?: readonly string[] | undefined;
  severity?: readonly number[] | undefined;
  state?: readonly IncidentState[] | undefined;
  conclusion?: readonly Conclusion[] | undefined;
  /** Whether the case was found to be a violation. */
  violation?: boolean | undefined;
  /** The flagged moment lies in [from, to). */
  from?: number | undefined;
  to?: number | undefined;
  /** The flag was set in [createdFrom, createdTo). */
  createdFrom?: number | undefined;
  createdTo?: number | undefined;
  dueBefore?: number | undefined;
  due?: { in: readonly Due[]; nowMs: number } | undefined;
  /** Flagged by or assigned to the account. */
  person?: string | undefined;
  assignee?: string | undefined;
  unassigned?: boolean | undefined;
  /** Watched by the account. */
  watchedBy?: string | undefined;
  /** Mentions in comments, as `role:<role>` or `user:<account id>`. */
  mentions?: readonly string[] | undefined;
  /** One of the same unit and category was found to be a violation within so long before. */
  repeatWithinMs?: number | undefined;
  /** Both readers found the same, or not; either when both are named. */
  readAgain?: readonly ('agreed' | 'disagreed')[] | undefined;
  /** The case left this state, in its term or late, moved on by one of this office. */
  left?: { state: IncidentState; late: boolean | undefined; office: Role | undefined } | undefined;
}

/** The last row of a page: where the next one goes on. */
export interface IncidentPosition {
  dueAtMs: number;
  createdAtMs: number;
  id: string;
}

export interface IncidentCounts {
  byState: Map<IncidentState, number>;
  /** Of these, cases whose term had ended. */
  overdue: number;
}

type Builder = ExpressionBuilder<Schema, 'incidents'>;
type Conditions = Expression<SqlBool>[];

/** The list of cases: filters, search, order, counts. What a reader may see at all is part of every query. */
export class IncidentListStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Up to `limit` cases after `after`: newest first, or those due first and the ended ones last. */
  list(
    view: IncidentView,
    filter: IncidentFilter,
    sort: IncidentSort,
    after: IncidentPosition | null,
    limit: number,
  ): Promise<IncidentRow[]> {
    let query = this.#db
      .selectFrom('incidents')
      .selectAll()
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, view, filter, sort)]))
      .limit(limit);
    if (sort === 'due') query = query.orderBy('due_at_ms');
    query = query.orderBy('created_at_ms', 'desc').orderBy('id', 'desc');
    if (after !== null) query = query.where((eb) => (sort === 'due' ? laterDue(eb, after) : older(eb, after)));
    return query.execute();
  }

  /** Cases of the view and the filter per state, and how many of them are overdue at `nowMs`. */
  async counts(view: IncidentView, filter: IncidentFilter, nowMs: number): Promise<IncidentCounts> {
    const rows = await this.#db
      .selectFrom('incidents')
      .select((eb) => [
        'state',
        eb.fn.countAll<number | string>().as('count'),
        eb.fn.sum<number | string>(eb.case().when(isOverdue(eb, nowMs)).then(1).else(0).end()).as('overdue'),
      ])
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, view, filter, null)]))
      .groupBy('state')
      .execute();
    return {
      byState: new Map(rows.map((row) => [row.state, Number(row.count)])),
      overdue: rows.reduce((sum, row) => sum + Number(row.overdue), 0),
    };
  }
}

/** `sort` is the order in which the rows are wanted; null where they are counted. */
export function matching(
  eb: Builder,
  view: IncidentView,
  filter: IncidentFilter,
  sort: IncidentSort | null,
): Conditions {
  return [
    ...filter.words.map((word) => says(eb, view, word)),
    ...plain(eb, filter, sort),
    ...people(eb, filter),
    ...dueBy(eb, filter),
    ...beyond(eb, filter),
  ];
}

/**
 * A word at the beginning of one in the text that the reader may see: Vietnamese syllables are short, and `ha` is part of too many others.
 * With a digit in it, it may be any part of a number. Ten thousand texts are looked through in a few milliseconds by either database; the
 * comments are asked once a word and not once a case.
 */
function says(eb: Builder, view: IncidentView, word: string): Expression<SqlBool> {
  const plainly = word.replace(/[\\%_]/g, '\\$&');
  const patterns = /\d/.test(word) ? [`%${plainly}%`] : [`% ${plainly}%`, `${plainly}%`];
  const like = (column: Expression<unknown>) =>
    eb.or(patterns.map((pattern) => sql<SqlBool>`${column} like ${pattern} escape '\\'`));
  if (view !== 'city') return like(eb.ref('unit_search_text'));
  const comments = sql<string>`select incident_id from incident_comments where ${like(sql.ref('incident_comments.search_text'))}`;
  return eb.or([like(eb.ref('search_text')), sql<SqlBool>`${eb.ref('id')} in (${comments})`]);
}

function plain(eb: Builder, filter: IncidentFilter, sort: IncidentSort | null): Conditions {
  const conditions: Conditions = [];
  if (filter.unit !== undefined) conditions.push(eb('unit_id', 'in', filter.unit));
  if (filter.camera !== undefined) conditions.push(eb('camera_id', 'in', filter.camera));
  if (filter.category !== undefined) conditions.push(eb('category', 'in', filter.category));
  if (filter.severity !== undefined) conditions.push(eb('severity', 'in', filter.severity));
  if (filter.conclusion !== undefined) conditions.push(eb('conclusion', 'in', filter.conclusion));
  if (filter.violation !== undefined) conditions.push(eb('conclusion', filter.violation ? 'is not' : 'is', null));
  if (filter.state !== undefined) {
    // By due time the open cases come first and the ended ones after them, so the walk in that order finds a state at once;
    // an expression keeps the planner from gathering all cases of the state and sorting them.
    const state = sort === 'due' ? eb.fn.coalesce('state', sql.lit('')) : eb.ref('state');
    conditions.push(eb(state, 'in', filter.state));
  }
  if (filter.from !== undefined) conditions.push(eb('at_ms', '>=', filter.from));
  if (filter.to !== undefined) conditions.push(eb('at_ms', '<', filter.to));
  if (filter.createdFrom !== undefined) conditions.push(eb('created_at_ms', '>=', filter.createdFrom));
  if (filter.createdTo !== undefined) conditions.push(eb('created_at_ms', '<', filter.createdTo));
  if (filter.dueBefore !== undefined) conditions.push(eb('due_at_ms', '<', filter.dueBefore));
  return conditions;
}

function people(eb: Builder, filter: IncidentFilter): Conditions {
  const { person, assignee, unassigned, watchedBy, mentions } = filter;
  const conditions: Conditions = [];
  if (person !== undefined) conditions.push(eb.or([eb('flagged_by_id', '=', person), eb('assignee_id', '=', person)]));
  if (assignee !== undefined) conditions.push(eb('assignee_id', '=', assignee));
  if (unassigned !== undefined) conditions.push(eb('assignee_id', unassigned ? 'is' : 'is not', null));
  if (watchedBy !== undefined) {
    const watched = eb
      .selectFrom('incident_watchers')
      .select('incident_watchers.incident_id')
      .where('account_id', '=', watchedBy)
      .where('watching', '=', 1);
    conditions.push(eb('id', 'in', watched));
  }
  if (mentions !== undefined) {
    const mentioned = eb
      .selectFrom('incident_mentions')
      .select('incident_mentions.incident_id')
      .where('target', 'in', mentions);
    conditions.push(eb('id', 'in', mentioned));
  }
  return conditions;
}

function dueBy(eb: Builder, { due }: IncidentFilter): Conditions {
  return due === undefined ? [] : [eb.or(due.in.map((one) => isDue(eb, one, due.nowMs)))];
}

function isDue(eb: Builder, due: Due, nowMs: number): Expression<SqlBool> {
  switch (due) {
    case 'overdue':
      return isOverdue(eb, nowMs);
    case 'soon':
      return eb.and([eb('due_at_ms', '>=', nowMs), eb('soon_at_ms', '<=', nowMs)]);
    case 'ok':
      return eb.and([eb('due_at_ms', '<', noDueMs), eb('soon_at_ms', '>', nowMs)]);
  }
}

/** The term of a concluded case is the unit's to appeal in: nobody is late when it has passed. */
export function isOverdue(eb: Builder, nowMs: number): Expression<SqlBool> {
  return eb.and([eb('due_at_ms', '<', nowMs), eb('state', '!=', 'concluded')]);
}

/** What other cases, second readings and the history say of a case. */
function beyond(eb: Builder, { repeatWithinMs, readAgain, left }: IncidentFilter): Conditions {
  const conditions: Conditions = [];
  if (repeatWithinMs !== undefined) conditions.push(isRepeat(eb, repeatWithinMs));
  if (readAgain !== undefined) {
    const read = eb
      .selectFrom('second_readings')
      .select('second_readings.incident_id')
      .where(
        'agreed',
        'in',
        readAgain.map((found) => (found === 'agreed' ? 1 : 0)),
      );
    conditions.push(eb('id', 'in', read));
  }
  if (left !== undefined) {
    let gone = eb
      .selectFrom('incident_entries')
      .select('incident_entries.incident_id')
      .where('from_state', '=', left.state)
      .where('to_state', '!=', left.state);
    if (left.office !== undefined) gone = gone.where('actor_role', '=', left.office);
    if (left.late !== undefined) gone = gone.where(wasLate, '=', left.late ? 1 : 0);
    conditions.push(eb('id', 'in', gone));
  }
  return conditions;
}

export function isRepeat(eb: Builder, withinMs: number): Expression<SqlBool> {
  return eb.exists(
    eb
      .selectFrom('incidents as earlier')
      .select('earlier.id')
      .whereRef('earlier.unit_id', '=', 'incidents.unit_id')
      .whereRef('earlier.category', '=', 'incidents.category')
      .whereRef('earlier.at_ms', '<', 'incidents.at_ms')
      .where('earlier.at_ms', '>=', sql<number>`incidents.at_ms - ${withinMs}`)
      .where('earlier.conclusion', 'is not', null),
  );
}

/** 1 where an entry left its state after the term that the entry into it had set. */
export const wasLate = sql<number>`case when incident_entries.at_ms > (
  select entered.due_at_ms from incident_entries as entered
  where entered.incident_id = incident_entries.incident_id and entered.seq < incident_entries.seq and entered.due_at_ms is not null
  order by entered.seq desc limit 1
) then 1 else 0 end`;

/** The first comparison alone bounds the walk through the index; the rest tells apart rows of the same moment. */
function older(eb: Builder, after: IncidentPosition): Expression<SqlBool> {
  return eb.and([
    eb('created_at_ms', '<=', after.createdAtMs),
    eb.or([eb('created_at_ms', '<', after.createdAtMs), eb('id', '<', after.id)]),
  ]);
}

function laterDue(eb: Builder, after: IncidentPosition): Expression<SqlBool> {
  return eb.and([eb('due_at_ms', '>=', after.dueAtMs), eb.or([eb('due_at_ms', '>', after.dueAtMs), older(eb, after)])]);
}
