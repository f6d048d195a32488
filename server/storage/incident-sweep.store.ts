import type { Queries } from './database.ts';
import type { IncidentRow } from './incident.store.ts';

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

  /** True for whoever is the first to tell it of the state that the case is in. */
  async setTold(row: Pick<IncidentRow, 'id' | 'state' | 'due_told' | 'due_at_ms'>, what: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('incidents')
      .set({ due_told: what })
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .where('due_at_ms', '=', row.due_at_ms)
      .where('due_told', '=', row.due_told)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
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
