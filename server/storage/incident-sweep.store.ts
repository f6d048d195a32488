import type { Queries } from './database.ts';
import { type IncidentRow, noDueMs } from './incident.store.ts';

/** How far the news of a term has been told: the column `due_told`. */
export const told = { nothing: 0, soon: 1, overdue: 2 } as const;

/** What time alone brings about in cases. */
export class IncidentSweepStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Cases of which it is to be told that at most one working day of the term is left. */
  dueSoon(nowMs: number, limit: number): Promise<IncidentRow[]> {
    return this.#db
      .selectFrom('incidents')
      .selectAll()
      .where('due_told', '=', told.nothing)
      .where('soon_at_ms', '<=', nowMs)
      .where('due_at_ms', '>=', nowMs)
      .orderBy('soon_at_ms')
      .limit(limit)
      .execute();
  }

  /** Cases of which it is to be told, or done, that the term has passed. */
  passed(nowMs: number, limit: number): Promise<IncidentRow[]> {
    return this.#db
      .selectFrom('incidents')
      .selectAll()
      .where('due_told', 'in', [told.nothing, told.soon])
      .where('soon_at_ms', '<=', nowMs)
      .where('due_at_ms', '<', nowMs)
      .orderBy('due_at_ms')
      .limit(limit)
      .execute();
  }

  /** Cases under way whose term was counted by an older calendar, and has not been told to have passed; each with the moment at which its state was entered. */
  async countedBefore(version: number, limit: number): Promise<(IncidentRow & { entered_at_ms: number })[]> {
    const rows = await this.#db
      .selectFrom('incidents')
      .selectAll()
      .select((eb) =>
        eb
          .selectFrom('incident_entries')
          .select((entry) => entry.fn.max('at_ms').as('at_ms'))
          .whereRef('incident_id', '=', 'incidents.id')
          .where((entry) =>
            entry.or([entry('from_state', 'is', null), entry('from_state', '!=', entry.ref('to_state'))]),
          )
          .as('entered_at_ms'),
      )
      .where('due_told', 'in', [told.nothing, told.soon])
      .where('term_version', '<', version)
      .where('due_at_ms', '<', noDueMs)
      .orderBy('term_version')
      .orderBy('due_at_ms')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, entered_at_ms: Number(row.entered_at_ms ?? row.created_at_ms) }));
  }

  /** The term ends as it did by this version of the calendar too, unless somebody has moved the case meanwhile. */
  async setCounted(
    { id, version }: Pick<IncidentRow, 'id' | 'version'>,
    change: Pick<IncidentRow, 'term_version' | 'soon_at_ms' | 'due_told'>,
  ): Promise<void> {
    await this.#db.updateTable('incidents').set(change).where('id', '=', id).where('version', '=', version).execute();
  }

  /** True for whoever is the first to tell it of the state that the case is in; what `also` adds is written with it or not at all. */
  setTold(
    row: Pick<IncidentRow, 'id' | 'state' | 'due_told' | 'due_at_ms'>,
    what: number,
    also: (within: Queries) => Promise<unknown>,
  ): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('incidents')
        .set({ due_told: what })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .where('due_at_ms', '=', row.due_at_ms)
        .where('due_told', '=', row.due_told)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return false;
      await also(trx);
      return true;
    });
  }

  /** Cases that ended at or before `closedMs` and whose footage is still held. */
  releasable(closedMs: number, limit: number): Promise<Pick<IncidentRow, 'id' | 'number'>[]> {
    return this.#db
      .selectFrom('incidents')
      .select(['id', 'number'])
      .where('released_at_ms', 'is', null)
      .where('closed_at_ms', '<=', closedMs)
      .orderBy('closed_at_ms')
      .limit(limit)
      .execute();
  }

  async setReleased(id: string, nowMs: number): Promise<void> {
    await this.#db
      .updateTable('incidents')
      .set({ released_at_ms: nowMs })
      .where('id', '=', id)
      .where('released_at_ms', 'is', null)
      .execute();
  }
}
