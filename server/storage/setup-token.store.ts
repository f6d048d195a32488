import type { Queries } from './database.ts';

export interface SetupTokenTable {
  /** SHA-256 of the token in the set-up link, in hexadecimal digits. */
  token_hash: string;
  expires_at_ms: number;
}

export class SetupTokenStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** The one token that is valid from now on; an earlier one is gone. */
  async replace(row: SetupTokenTable): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('setup_tokens').execute();
      await trx.insertInto('setup_tokens').values(row).execute();
    });
  }

  async isValid(tokenHash: string, nowMs: number): Promise<boolean> {
    const row = await this.#db
      .selectFrom('setup_tokens')
      .select('token_hash')
      .where('token_hash', '=', tokenHash)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** True for the one caller who uses up a valid token. */
  async consume(tokenHash: string, nowMs: number, within: Queries): Promise<boolean> {
    const { numDeletedRows } = await within
      .deleteFrom('setup_tokens')
      .where('token_hash', '=', tokenHash)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async clear(): Promise<void> {
    await this.#db.deleteFrom('setup_tokens').execute();
  }
}
