import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
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
  /** Version and time of the last change that the unit may know of: what its own steps are decided on. */
  unit_version: number;
  unit_changed_at_ms: number;
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
  /** The version of the calendar by which the present term was counted. */
  term_version: number;
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
  /** The server itself has the role `system` and no id. */
  actor_role: Role | 'system';
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

export type IncidentChange = Partial<Omit<IncidentRow, 'id' | 'number' | 'version'>>;

/** A case on its way from one version to the next. */
export interface IncidentMove {
  id: string;
  /** The version that it is moved on from. */
  version: number;
  change: IncidentChange;
  entry: IncidentEntryRow;
}

class Outrun extends Error {
  readonly id: string;

  constructor(id: string) {
    super('the case has another version');
    this.id = id;
  }
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
   * Moves cases on to their next versions and adds their entries and what `also` adds, all or nothing. Returns null, or the id of a case that no
   * longer has its version: of two at once, one wins.
   */
  async advanceAll(
    moves: readonly IncidentMove[],
    also: (within: Queries) => Promise<unknown>,
  ): Promise<string | null> {
    // In one order for everybody: two who move the same two cases at once wait for each other and never both for ever.
    const ordered = moves.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    try {
      await this.#db.transaction().execute(async (trx) => {
        for (const { id, version, change, entry } of ordered) {
          const { numUpdatedRows } = await trx
            .updateTable('incidents')
            .set({ ...change, version: version + 1 })
            .where('id', '=', id)
            .where('version', '=', version)
            .executeTakeFirst();
          if (numUpdatedRows !== 1n) throw new Outrun(id);
          await trx.insertInto('incident_entries').values(entry).execute();
        }
        await also(trx);
      });
    } catch (error) {
      if (error instanceof Outrun) return error.id;
      throw error;
    }
    return null;
  }

  /** The same for one case: false, with nothing written, when it no longer has that version. */
  async advance(
    id: string,
    version: number,
    change: IncidentChange,
    entry: IncidentEntryRow,
    also: (within: Queries) => Promise<unknown>,
  ): Promise<boolean> {
    return (await this.advanceAll([{ id, version, change, entry }], also)) === null;
  }

  find(id: string): Promise<IncidentRow | undefined> {
    return this.#db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  }

  entries(id: string): Promise<IncidentEntryRow[]> {
    return this.#db.selectFrom('incident_entries').selectAll().where('incident_id', '=', id).orderBy('seq').execute();
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

  /** Cases whose footage is not yet held, whose still is not yet taken, or of which the end of the stretch has not been told. */
  awaitingFootage(): Promise<IncidentRow[]> {
    return this.#db
      .selectFrom('incidents')
      .selectAll()
      .where((eb) => eb.or([eb('still', '=', 'pending'), eb('held', '=', 0), eb('footage_told', '=', 0)]))
      .where('released_at_ms', 'is', null)
      .execute();
  }

  /** Cases whose footage is held. */
  holding(): Promise<Pick<IncidentRow, 'id' | 'camera_id' | 'from_ms' | 'to_ms'>[]> {
    return this.#db
      .selectFrom('incidents')
      .select(['id', 'camera_id', 'from_ms', 'to_ms'])
      .where('held', '=', 1)
      .where('released_at_ms', 'is', null)
      .execute();
  }

  /** True for whoever is the first to tell that the end of the stretch is there. */
  async tellFootage(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('incidents')
      .set({ footage_told: 1 })
      .where('id', '=', id)
      .where('footage_told', '=', 0)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async setHeld(id: string): Promise<void> {
    await this.#db.updateTable('incidents').set({ held: 1 }).where('id', '=', id).execute();
  }

  async setStill(id: string, still: StillState): Promise<void> {
    await this.#db.updateTable('incidents').set({ still }).where('id', '=', id).execute();
  }
}

/** Which cases a reader sees at all: every query of cases starts with these. */
export function visible(eb: Builder, view: IncidentView): Expression<SqlBool>[] {
  return view === 'city' ? [] : [eb('unit_id', '=', view.sentToUnit), eb('sent_at_ms', 'is not', null)];
}
