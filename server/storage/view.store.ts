import type { StreamName } from '../contracts/common.ts';
import type { Queries } from './database.ts';

export interface ViewTable {
  id: string;
  user_id: string;
  user_name: string;
  role: string;
  session_id: string;
  camera_id: string;
  stream: StreamName;
  kind: 'live' | 'recorded';
  /** When it was watched. */
  from_ms: number;
  to_ms: number;
  /** What was watched: the time that the pictures show. */
  media_from_ms: number;
  media_to_ms: number;
}

export type ViewRow = ViewTable;

/** Few enough that a statement stays below every limit of parameters. */
const rowsPerStatement = 100;

export class ViewStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Adds rows, or brings those that are there up to date, all in one transaction. */
  async put(rows: readonly ViewRow[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (let n = 0; n < rows.length; n += rowsPerStatement) {
        await trx
          .insertInto('view_log')
          .values(rows.slice(n, n + rowsPerStatement))
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((eb) => ({
              from_ms: eb.ref('excluded.from_ms'),
              to_ms: eb.ref('excluded.to_ms'),
              media_from_ms: eb.ref('excluded.media_from_ms'),
              media_to_ms: eb.ref('excluded.media_to_ms'),
            })),
          )
          .execute();
      }
    });
  }

  /** Deletes up to `limit` rows of views that ended before `beforeMs`; returns how many. */
  async deleteBefore(beforeMs: number, limit: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('view_log')
      .where('id', 'in', (eb) =>
        eb.selectFrom('view_log').select('id').where('to_ms', '<', beforeMs).orderBy('to_ms').limit(limit),
      )
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}
