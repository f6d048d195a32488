import type { Queries } from './database.ts';

/** News of a case that is still to be told: written with what it tells of, gone once people were told. */
export interface CaseNewsTable {
  id: string;
  /** As JSON, of the form that the sweep of cases knows. */
  news: string;
  /** When it is taken up again unless it is gone by then. */
  next_at_ms: number;
}
export type CaseNewsRow = CaseNewsTable;

export class CaseNewsStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  async add(row: CaseNewsRow, within: Queries): Promise<void> {
    await within.insertInto('case_news').values(row).execute();
  }

  /** Takes what has waited until `nowMs`, for as long as until `nextMs`: of two servers one gets it. */
  async takeUp(nowMs: number, nextMs: number, limit: number): Promise<CaseNewsRow[]> {
    const rows = await this.#db
      .selectFrom('case_news')
      .selectAll()
      .where('next_at_ms', '<=', nowMs)
      .orderBy('next_at_ms')
      .limit(limit)
      .execute();
    const taken: CaseNewsRow[] = [];
    for (const row of rows) {
      const { numUpdatedRows } = await this.#db
        .updateTable('case_news')
        .set({ next_at_ms: nextMs })
        .where('id', '=', row.id)
        .where('next_at_ms', '=', row.next_at_ms)
        .executeTakeFirst();
      if (numUpdatedRows === 1n) taken.push(row);
    }
    return taken;
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#db.deleteFrom('case_news').where('id', 'in', ids).execute();
  }
}
