import type { Role } from '../contracts/roles.ts';
import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

export interface AccountTable {
  id: string;
  /** Lower case; the name to sign in with. */
  username: string;
  name: string;
  role: Role;
  /** The unit of a unit head; null for everybody else. */
  unit_id: string | null;
  /** Argon2id in PHC string form. */
  password_hash: string;
  disabled: Flag;
  created_at_ms: number;
  last_sign_in_ms: number | null;
}

export type AccountRow = AccountTable;
export type AccountChanges = Partial<Pick<AccountRow, 'name' | 'password_hash' | 'disabled' | 'last_sign_in_ms'>>;

/** Accounts are never deleted, so that what people did keeps its author; they are disabled. */
export class AccountStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** False when the username is taken. */
  async insert(row: AccountRow, within: Queries): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await within
      .insertInto('accounts')
      .values(row)
      .onConflict((conflict) => conflict.column('username').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  byId(id: string, within: Queries = this.#db): Promise<AccountRow | undefined> {
    return within.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
  }

  byUsername(username: string): Promise<AccountRow | undefined> {
    return this.#db.selectFrom('accounts').selectAll().where('username', '=', username).executeTakeFirst();
  }

  list(): Promise<AccountRow[]> {
    return this.#db.selectFrom('accounts').selectAll().orderBy('username').execute();
  }

  async update(id: string, changes: AccountChanges, within: Queries): Promise<void> {
    await within.updateTable('accounts').set(changes).where('id', '=', id).execute();
  }

  async isEmpty(within: Queries = this.#db): Promise<boolean> {
    const row = await within.selectFrom('accounts').select('id').limit(1).executeTakeFirst();
    return row === undefined;
  }

  /** Whether an administrator who may sign in remains besides this account. */
  async hasOtherActiveAdmin(id: string, within: Queries): Promise<boolean> {
    const row = await within
      .selectFrom('accounts')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabled', '=', 0)
      .where('id', '!=', id)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }
}
