import type { Queries } from './database.ts';

export interface NoticeSettingsTable {
  account_id: string;
  /** What the person chose, as JSON; what is not in it follows the defaults. */
  content: string;
  changed_at_ms: number;
}

export interface MailAddressTable {
  account_id: string;
  address: string;
  /** Null until the person has entered the code that was sent there. */
  verified_at_ms: number | null;
  code_hash: string | null;
  code_expires_ms: number | null;
  code_tries: number;
  changed_at_ms: number;
}
export type MailAddressRow = MailAddressTable;

/** Something that lasts: a camera that is down, an alarm of the archive. */
export interface NoticeConditionTable {
  /** `camera:<id>:<trouble>`, `alarm:<code>` */
  name: string;
  bad_since_ms: number | null;
  well_since_ms: number | null;
  /** When people were told; null while they have not been, or all has been well for long enough. */
  told_at_ms: number | null;
}
export type NoticeConditionRow = NoticeConditionTable;

/** What people chose, where their mail goes, and which lasting troubles they have been told of. */
export class NoticeSettingsStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  async contentOf(accountId: string): Promise<string | null> {
    const row = await this.#db
      .selectFrom('notice_settings')
      .select('content')
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    return row?.content ?? null;
  }

  allContents(): Promise<NoticeSettingsTable[]> {
    return this.#db.selectFrom('notice_settings').selectAll().execute();
  }

  async save(accountId: string, content: string, nowMs: number): Promise<void> {
    const values = { content, changed_at_ms: nowMs };
    await this.#db
      .insertInto('notice_settings')
      .values({ account_id: accountId, ...values })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
      .execute();
  }

  address(accountId: string, within: Queries = this.#db): Promise<MailAddressRow | undefined> {
    return within.selectFrom('mail_addresses').selectAll().where('account_id', '=', accountId).executeTakeFirst();
  }

  addresses(): Promise<MailAddressRow[]> {
    return this.#db.selectFrom('mail_addresses').selectAll().execute();
  }

  async putAddress(row: MailAddressRow, within: Queries): Promise<void> {
    const { account_id: _account, ...values } = row;
    await within
      .insertInto('mail_addresses')
      .values(row)
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
      .execute();
  }

  async patchAddress(
    accountId: string,
    changes: Partial<Omit<MailAddressRow, 'account_id'>>,
    within: Queries = this.#db,
  ) {
    await within.updateTable('mail_addresses').set(changes).where('account_id', '=', accountId).execute();
  }

  /** Counts an attempt at the code, as long as there are fewer than `most`; false when there are not. */
  async countTry(accountId: string, most: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('mail_addresses')
      .set((eb) => ({ code_tries: eb('code_tries', '+', 1) }))
      .where('account_id', '=', accountId)
      .where('code_tries', '<', most)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async removeAddress(accountId: string, within: Queries): Promise<boolean> {
    const { numDeletedRows } = await within
      .deleteFrom('mail_addresses')
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  conditions(): Promise<NoticeConditionRow[]> {
    return this.#db.selectFrom('notice_conditions').selectAll().execute();
  }

  async putCondition(row: NoticeConditionRow): Promise<void> {
    const { name: _name, ...values } = row;
    await this.#db
      .insertInto('notice_conditions')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .execute();
  }

  async removeCondition(name: string): Promise<void> {
    await this.#db.deleteFrom('notice_conditions').where('name', '=', name).execute();
  }
}
