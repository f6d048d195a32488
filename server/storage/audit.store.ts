import type { Queries } from './database.ts';

export interface AuditTable {
  seq: number;
  at_ms: number;
  /** Null where the system itself acted. */
  actor_id: string | null;
  actor_name: string;
  actor_role: string;
  action: string;
  subject: string;
  /** Canonical JSON. */
  details: string;
  address: string;
  /** SHA-256 in hexadecimal digits. */
  hash: string;
}

/** One row: the newest entry. It shows when entries were cut off at the end, which the chain alone cannot. */
export interface AuditHeadTable {
  id: number;
  seq: number;
  hash: string;
}

export type AuditRow = AuditTable;

export class AuditStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /**
   * Takes the next number and the hash that the next entry follows. The row stays locked until the transaction ends, so
   * that two writers, in whatever process, never follow the same entry.
   */
  async take(within: Queries): Promise<{ seq: number; previousHash: string }> {
    const head = await within
      .updateTable('audit_head')
      .set((eb) => ({ seq: eb('seq', '+', 1) }))
      .where('id', '=', 1)
      .returning(['seq', 'hash'])
      .executeTakeFirstOrThrow();
    return { seq: head.seq, previousHash: head.hash };
  }

  async put(row: AuditRow, within: Queries): Promise<void> {
    await within.insertInto('audit_log').values(row).execute();
    await within.updateTable('audit_head').set({ hash: row.hash }).where('id', '=', 1).execute();
  }

  head(): Promise<{ seq: number; hash: string } | undefined> {
    return this.#db.selectFrom('audit_head').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirst();
  }

  /** Up to `limit` entries after `seq`, oldest first. */
  after(seq: number, limit: number): Promise<AuditRow[]> {
    return this.#db.selectFrom('audit_log').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
  }

  /** Up to `limit` entries before `seq`, newest first. */
  before(seq: number | undefined, limit: number, action: string | undefined): Promise<AuditRow[]> {
    let query = this.#db.selectFrom('audit_log').selectAll().orderBy('seq', 'desc').limit(limit);
    if (seq !== undefined) query = query.where('seq', '<', seq);
    if (action !== undefined) query = query.where('action', '=', action);
    return query.execute();
  }
}
