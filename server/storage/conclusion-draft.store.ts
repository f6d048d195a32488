import type { Conclusion } from '../contracts/incidents.ts';
import type { Role } from '../contracts/roles.ts';
import type { Queries } from './database.ts';

export interface ConclusionDraftTable {
  incident_id: string;
  conclusion: Conclusion | null;
  text: string;
  author_id: string;
  author_name: string;
  author_role: Role;
  at_ms: number;
}
export type ConclusionDraftRow = ConclusionDraftTable;

/** Conclusions in preparation, at most one a case. */
export class ConclusionDraftStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  find(incidentId: string): Promise<ConclusionDraftRow | undefined> {
    return this.#db.selectFrom('incident_drafts').selectAll().where('incident_id', '=', incidentId).executeTakeFirst();
  }

  /** In place of the one that is there. */
  async put(row: ConclusionDraftRow): Promise<void> {
    const { incident_id: _, ...rest } = row;
    await this.#db
      .insertInto('incident_drafts')
      .values(row)
      .onConflict((c) => c.column('incident_id').doUpdateSet(rest))
      .execute();
  }

  async remove(incidentId: string, within: Queries = this.#db): Promise<void> {
    await within.deleteFrom('incident_drafts').where('incident_id', '=', incidentId).execute();
  }
}
