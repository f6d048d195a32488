import type { Role } from '../contracts/roles.ts';
import type { ViewSharing } from '../contracts/views.ts';
import type { Queries } from './database.ts';

export interface SavedViewTable {
  id: string;
  owner_id: string;
  owner_name: string;
  name: string;
  /** Layout, cameras and cells as JSON. */
  content: string;
  sharing: ViewSharing;
  /** Set where `sharing` is `role`. */
  role: Role | null;
  changed_at_ms: number;
}

export interface DefaultViewTable {
  account_id: string;
  view_id: string;
}

export type SavedViewRow = SavedViewTable;
export type SavedViewChanges = Partial<Pick<SavedViewRow, 'name' | 'content' | 'sharing' | 'role' | 'changed_at_ms'>>;

export class SavedViewStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** A person's own views and those that are shared with everyone or the person's role, by name. */
  async of(accountId: string, role: Role): Promise<SavedViewRow[]> {
    return this.#db
      .selectFrom('saved_views')
      .selectAll()
      .where((eb) =>
        eb.or([
          eb('owner_id', '=', accountId),
          eb('sharing', '=', 'everyone'),
          eb.and([eb('sharing', '=', 'role'), eb('role', '=', role)]),
        ]),
      )
      .orderBy('name')
      .orderBy('id')
      .limit(1_000)
      .execute();
  }

  async byId(id: string): Promise<SavedViewRow | undefined> {
    return this.#db.selectFrom('saved_views').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async countOf(ownerId: string): Promise<number> {
    const row = await this.#db
      .selectFrom('saved_views')
      .select((eb) => eb.fn.countAll<number | bigint | string>().as('count'))
      .where('owner_id', '=', ownerId)
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  async insert(row: SavedViewRow, within: Queries): Promise<void> {
    await within.insertInto('saved_views').values(row).execute();
  }

  async update(id: string, changes: SavedViewChanges, within: Queries): Promise<void> {
    await within.updateTable('saved_views').set(changes).where('id', '=', id).execute();
  }

  async remove(id: string, within: Queries): Promise<void> {
    await within.deleteFrom('default_views').where('view_id', '=', id).execute();
    await within.deleteFrom('saved_views').where('id', '=', id).execute();
  }

  async defaultOf(accountId: string, within: Queries = this.#db): Promise<string | null> {
    const row = await within
      .selectFrom('default_views')
      .select('view_id')
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    return row?.view_id ?? null;
  }

  /** With null the person's wall opens with the last view again. */
  async setDefault(accountId: string, viewId: string | null, within: Queries): Promise<void> {
    await within.deleteFrom('default_views').where('account_id', '=', accountId).execute();
    if (viewId !== null) {
      await within.insertInto('default_views').values({ account_id: accountId, view_id: viewId }).execute();
    }
  }
}
