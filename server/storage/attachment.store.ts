import type { Queries } from './database.ts';

export interface AttachmentTable {
  id: string;
  incident_id: string;
  /** The entry that it belongs to; null while no step has used it. */
  entry_seq: number | null;
  name: string;
  type: string;
  size_bytes: number;
  sha256: string;
  uploaded_by_id: string;
  uploaded_at_ms: number;
}
export type AttachmentRow = AttachmentTable;

/** Files that belong to cases; their bytes lie beside the database. */
export class AttachmentStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** False, with nothing written, when the person has `most` unused files at the case already. */
  add(row: AttachmentRow, most: number): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const { count } = await trx
        .selectFrom('incident_attachments')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('incident_id', '=', row.incident_id)
        .where('uploaded_by_id', '=', row.uploaded_by_id)
        .where('entry_seq', 'is', null)
        .executeTakeFirstOrThrow();
      if (count >= most) return false;
      await trx.insertInto('incident_attachments').values(row).execute();
      return true;
    });
  }

  find(id: string): Promise<AttachmentRow | undefined> {
    return this.#db.selectFrom('incident_attachments').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** What the person has sent for the case and no step has used yet, oldest first. */
  unusedOf(incidentId: string, uploaderId: string): Promise<AttachmentRow[]> {
    return this.#db
      .selectFrom('incident_attachments')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .where('entry_seq', 'is', null)
      .where('uploaded_by_id', '=', uploaderId)
      .orderBy('uploaded_at_ms')
      .orderBy('id')
      .execute();
  }

  /** Gives them to an entry. False, when one of them is not there for this person and case any more. */
  async use(
    ids: readonly string[],
    of: Pick<AttachmentRow, 'incident_id' | 'uploaded_by_id'>,
    seq: number,
    within: Queries,
  ): Promise<boolean> {
    const { numUpdatedRows } = await within
      .updateTable('incident_attachments')
      .set({ entry_seq: seq })
      .where('id', 'in', ids)
      .where('incident_id', '=', of.incident_id)
      .where('uploaded_by_id', '=', of.uploaded_by_id)
      .where('entry_seq', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === BigInt(ids.length);
  }

  /** Files that were sent before `beforeMs` and that no step has used. */
  forgotten(beforeMs: number, limit: number): Promise<Pick<AttachmentRow, 'id'>[]> {
    return this.#db
      .selectFrom('incident_attachments')
      .select('id')
      .where('entry_seq', 'is', null)
      .where('uploaded_at_ms', '<', beforeMs)
      .limit(limit)
      .execute();
  }

  /** True when it was there and unused, and is gone. */
  async removeUnused(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('incident_attachments')
      .where('id', '=', id)
      .where('entry_seq', 'is', null)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }
}
