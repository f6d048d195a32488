import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Conclusion, IncidentState } from '../contracts/incidents.ts';
import type { Role } from '../contracts/roles.ts';
import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';
import type { Schema } from './schema.ts';

export interface IncidentTable {
  id: string;
  /** `VV-2026-0001`. */
  number: string;
  version: number;
  state: IncidentState;
  category: string;
  severity: number;
  /** Camera and unit with the names that they had when the case was recorded. */
  camera_id: string;
  camera_name: string;
  unit_id: string;
  unit_name: string;
  at_ms: number;
  from_ms: number;
  to_ms: number;
  note: string;
  flagged_by_id: string;
  flagged_by_name: string;
  flagged_by_role: Role;
  created_at_ms: number;
  updated_at_ms: number;
  /** `noDueMs` once the case has ended: so it sorts last and is never overdue. */
  due_at_ms: number;
  /** When the unit was given the case; null until then. */
  sent_at_ms: number | null;
  conclusion: Conclusion | null;
  /** What the search looks through, folded: lower case, without diacritics. */
  search_text: string;
  /** The part of it that the unit may find the case by; empty until the case is sent. */
  unit_search_text: string;
  /** What the unit is told was found, and what it is asked. */
  finding: string | null;
  question: string | null;
  assignee_id: string | null;
  assignee_name: string | null;
  assignee_role: Role | null;
  /** Who took the last conclusion. */
  concluded_by_id: string | null;
  duplicate_of_id: string | null;
  duplicate_of_number: string | null;
  /** From when on at most one working day is left of the term; `noDueMs` where there is no term. */
  soon_at_ms: number;
  /** Which news of the present term has been told: 0 none, 1 that it is soon, 2 that it has passed. */
  due_told: number;
  /** When the superior was told that the present term has passed. */
  escalated_at_ms: number | null;
  closed_at_ms: number | null;
  /** When the footage was given free, its term after the end of the case being over. */
  released_at_ms: number | null;
  /** Whether it has been told that the end of the stretch is recorded. */
  footage_told: Flag;
  /** Whether the recorder has been told to keep the footage. */
  held: Flag;
  still: StillState;
}
export type IncidentRow = IncidentTable;

/** `pending`: still to be taken; `missing`: there was no picture to take. */
export type StillState = 'pending' | 'kept' | 'missing';

/** Entries are added and never changed or deleted. */
export interface IncidentEntryTable {
  incident_id: string;
  /** From 1; the version of the case that the entry made. */
  seq: number;
  at_ms: number;
  step: string;
  actor_id: string;
  actor_name: string;
  actor_role: Role;
  from_state: IncidentState | null;
  to_state: IncidentState;
  conclusion: Conclusion | null;
  reason: string;
  /** Network address from which the step was taken; empty where there is none. */
  address: string;
  /** End of the term of the state that was entered. */
  due_at_ms: number | null;
  /** JSON of the contract's `entryDetails`. */
  details: string;
}
export type IncidentEntryRow = IncidentEntryTable;

export interface IncidentNumberTable {
  year: number;
  last: number;
}

export const noDueMs = 8_640_000_000_000_000;

/** Which cases a reader may see at all: every one, or those of one unit that were sent to it. */
export type IncidentView = 'city' | { sentToUnit: string };

export interface IncidentFilter {
  /** Folded words, all of which occur. */
  words: readonly string[];
  unit?: readonly string[] | undefined;
  camera?: readonly string[] | undefined;
  category?: readonly string[] | undefined;
  severity?: readonly number[] | undefined;
  state?: readonly IncidentState[] | undefined;
  /** The flagged moment lies in [from, to). */
  from?: number | undefined;
  to?: number | undefined;
}

/** The last row of a page: where the next one goes on. */
export interface IncidentPosition {
  dueAtMs: number;
  createdAtMs: number;
  id: string;
}

export interface IncidentChange {
  state: IncidentState;
  updated_at_ms: number;
  due_at_ms: number;
  sent_at_ms: number | null;
  conclusion: Conclusion | null;
}

type Builder = ExpressionBuilder<Schema, 'incidents'>;

export class IncidentStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Writes the case with the next number of `year`, its first entry and what `also` adds, all or nothing. Returns the row as it stands. */
  create(
    row: Omit<IncidentRow, 'number' | 'search_text'>,
    entry: IncidentEntryRow,
    year: number,
    numbered: (sequence: number) => Pick<IncidentRow, 'number' | 'search_text'>,
    also: (row: IncidentRow, within: Queries) => Promise<unknown>,
  ): Promise<IncidentRow> {
    return this.#db.transaction().execute(async (trx) => {
      const { last } = await trx
        .insertInto('incident_numbers')
        .values({ year, last: 1 })
        .onConflict((c) => c.column('year').doUpdateSet((eb) => ({ last: eb('incident_numbers.last', '+', 1) })))
        .returning('last')
        .executeTakeFirstOrThrow();
      const complete = { ...row, ...numbered(last) };
      await trx.insertInto('incidents').values(complete).execute();
      await trx.insertInto('incident_entries').values(entry).execute();
      await also(complete, trx);
      return complete;
    });
  }

  /**
   * Moves a case on from `version` to the next one and adds the entry and what `also` adds. False, with nothing written, when the case no longer
   * has that version: of two at once, one wins.
   */
  advance(
    id: string,
    version: number,
    change: IncidentChange,
    entry: IncidentEntryRow,
    also: (within: Queries) => Promise<unknown>,
  ): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('incidents')
        .set({ ...change, version: version + 1 })
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return false;
      await trx.insertInto('incident_entries').values(entry).execute();
      await also(trx);
      return true;
    });
  }

  find(id: string): Promise<IncidentRow | undefined> {
    return this.#db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  }

  entries(id: string): Promise<IncidentEntryRow[]> {
    return this.#db.selectFrom('incident_entries').selectAll().where('incident_id', '=', id).orderBy('seq').execute();
  }

  /** Up to `limit` cases after `after`: newest first, or those due first and the ended ones last. */
  list(
    view: IncidentView,
    filter: IncidentFilter,
    sort: 'newest' | 'due',
    after: IncidentPosition | null,
    limit: number,
  ): Promise<IncidentRow[]> {
    let query = this.#db
      .selectFrom('incidents')
      .selectAll()
      .where((eb) => eb.and([...visible(eb, view), ...matching(eb, filter, sort)]))
      .limit(limit);
    if (sort === 'due') query = query.orderBy('due_at_ms');
    query = query.orderBy('created_at_ms', 'desc').orderBy('id', 'desc');
    if (after !== null) query = query.where((eb) => (sort === 'due' ? laterDue(eb, after) : older(eb, after)));
    return query.execute();
  }

  /** Number of cases of the view per state, and of those whose term had ended by `nowMs`. */
  async counts(view: IncidentView, nowMs: number): Promise<{ byState: Map<IncidentState, number>; overdue: number }> {
    const byState = await this.#db
      .selectFrom('incidents')
      .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
      .where((eb) => eb.and(visible(eb, view)))
      .groupBy('state')
      .execute();
    const { overdue } = await this.#db
      .selectFrom('incidents')
      .select((eb) => eb.fn.countAll<number>().as('overdue'))
      .where((eb) => eb.and(visible(eb, view)))
      .where('due_at_ms', '<', nowMs)
      .executeTakeFirstOrThrow();
    return { byState: new Map(byState.map((row) => [row.state, Number(row.count)])), overdue: Number(overdue) };
  }

  /** Cases of a camera whose stretch touches [fromMs, toMs), by time; `longestMs` bounds how long a stretch can be. */
  ofCamera(
    view: IncidentView,
    cameraId: string,
    fromMs: number,
    toMs: number,
    longestMs: number,
    limit: number,
  ): Promise<IncidentRow[]> {
    return this.#db
      .selectFrom('incidents')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('from_ms', '<', toMs)
      .where('from_ms', '>', fromMs - longestMs)
      .where('to_ms', '>', fromMs)
      .where((eb) => eb.and(visible(eb, view)))
      .orderBy('from_ms')
      .limit(limit)
      .execute();
  }

  /** Cases whose footage is not yet held or whose still is not yet taken. */
  awaitingFootage(): Promise<IncidentRow[]> {
    return this.#db
      .selectFrom('incidents')
      .selectAll()
      .where((eb) => eb.or([eb('still', '=', 'pending'), eb('held', '=', 0)]))
      .execute();
  }

  /** Cases whose footage is held. */
  holding(): Promise<Pick<IncidentRow, 'id' | 'camera_id' | 'from_ms' | 'to_ms'>[]> {
    return this.#db
      .selectFrom('incidents')
      .select(['id', 'camera_id', 'from_ms', 'to_ms'])
      .where('held', '=', 1)
      .execute();
  }

  async setHeld(id: string): Promise<void> {
    await this.#db.updateTable('incidents').set({ held: 1 }).where('id', '=', id).execute();
  }

  async setStill(id: string, still: StillState): Promise<void> {
    await this.#db.updateTable('incidents').set({ still }).where('id', '=', id).execute();
  }
}

function visible(eb: Builder, view: IncidentView): Expression<SqlBool>[] {
  return view === 'city' ? [] : [eb('unit_id', '=', view.sentToUnit), eb('sent_at_ms', 'is not', null)];
}

function matching(eb: Builder, filter: IncidentFilter, sort: 'newest' | 'due'): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = filter.words.map(
    (word) => sql<SqlBool>`${eb.ref('search_text')} like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`,
  );
  if (filter.unit !== undefined) conditions.push(eb('unit_id', 'in', filter.unit));
  if (filter.camera !== undefined) conditions.push(eb('camera_id', 'in', filter.camera));
  if (filter.category !== undefined) conditions.push(eb('category', 'in', filter.category));
  if (filter.severity !== undefined) conditions.push(eb('severity', 'in', filter.severity));
  if (filter.state !== undefined) {
    // By due time the open cases come first and the ended ones after them, so the walk in that order finds a state at once;
    // an expression keeps the planner from gathering all cases of the state and sorting them.
    const state = sort === 'due' ? eb.fn.coalesce('state', sql.lit('')) : eb.ref('state');
    conditions.push(eb(state, 'in', filter.state));
  }
  if (filter.from !== undefined) conditions.push(eb('at_ms', '>=', filter.from));
  if (filter.to !== undefined) conditions.push(eb('at_ms', '<', filter.to));
  return conditions;
}

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
