import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

export interface IncidentFilterTable {
  id: string;
  owner_id: string;
  owner_name: string;
  /** Each owner's names differ. */
  name: string;
  /** The parameters of the list as JSON. */
  query: string;
  shared: Flag;
  changed_at_ms: number;
}

export type SavedFilterRow = IncidentFilterTable;
export type SavedFilterChanges = Partial<Pick<SavedFilterRow, 'name' | 'query' | 'shared'>>;

export class SavedFilterStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** A person's own filters and, with `shared`, those that others share, by name; at most 1000. */
  of(ownerId: string, shared: boolean): Promise<SavedFilterRow[]> {
    return this.#db
      .selectFrom('incident_filters')
      .selectAll()
      .where((eb) => eb.or([eb('owner_id', '=', ownerId), ...(shared ? [eb('shared', '=', 1)] : [])]))
      .orderBy('name')
      .orderBy('id')
      .limit(1_000)
      .execute();
  }

  byId(id: string): Promise<SavedFilterRow | undefined> {
    return this.#db.selectFrom('incident_filters').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async countOf(ownerId: string, within: Queries): Promise<number> {
    const { count } = await within
      .selectFrom('incident_filters')
      .select((eb) => eb.fn.countAll<number | string>().as('count'))
      .where('owner_id', '=', ownerId)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** False when the owner has a filter of that name. */
  async insert(row: SavedFilterRow, within: Queries): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await within
      .insertInto('incident_filters')
      .values(row)
      .onConflict((c) => c.columns(['owner_id', 'name']).doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  /** Whether the owner has another filter of that name. */
  async isTaken(ownerId: string, name: string, exceptId: string, within: Queries): Promise<boolean> {
    const row = await within
      .selectFrom('incident_filters')
      .select('id')
      .where('owner_id', '=', ownerId)
      .where('name', '=', name)
      .where('id', '!=', exceptId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async update(id: string, changes: SavedFilterChanges & { changed_at_ms: number }, within: Queries): Promise<void> {
    await within.updateTable('incident_filters').set(changes).where('id', '=', id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('incident_filters').where('id', '=', id).execute();
  }
}
