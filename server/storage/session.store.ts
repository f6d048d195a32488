import type { AccountRow } from './account.store.ts';
import type { Queries } from './database.ts';

export interface SessionTable {
  id: string;
  /** SHA-256 of the token in the cookie, in hexadecimal digits; the token itself is stored nowhere. */
  token_hash: string;
  user_id: string;
  csrf_token: string;
  address: string;
  user_agent: string;
  created_at_ms: number;
  last_seen_ms: number;
  /** The end that no activity moves. */
  expires_at_ms: number;
}

export type SessionRow = SessionTable;
/** A session together with what its person's account says now. */
export type LiveSessionRow = SessionRow & Pick<AccountRow, 'username' | 'name' | 'role' | 'unit_id'>;
export type EndedSessionRow = Pick<SessionRow, 'id' | 'user_id'>;

export class SessionStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  async insert(row: SessionRow, within: Queries): Promise<void> {
    await within.insertInto('sessions').values(row).execute();
  }

  /** The session of a token whose account is not disabled, whether or not its time is over. */
  byTokenHash(tokenHash: string): Promise<LiveSessionRow | undefined> {
    return this.#db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.user_id')
      .selectAll('sessions')
      .select(['accounts.username', 'accounts.name', 'accounts.role', 'accounts.unit_id'])
      .where('sessions.token_hash', '=', tokenHash)
      .where('accounts.disabled', '=', 0)
      .executeTakeFirst();
  }

  /** Ids of all sessions whose account is not disabled. */
  async liveIds(): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.user_id')
      .select('sessions.id')
      .where('accounts.disabled', '=', 0)
      .execute();
    return rows.map((row) => row.id);
  }

  async touch(id: string, lastSeenMs: number): Promise<void> {
    await this.#db
      .updateTable('sessions')
      .set({ last_seen_ms: lastSeenMs })
      .where('id', '=', id)
      .where('last_seen_ms', '<', lastSeenMs)
      .execute();
  }

  delete(id: string, within: Queries): Promise<EndedSessionRow | undefined> {
    return within.deleteFrom('sessions').where('id', '=', id).returning(['id', 'user_id']).executeTakeFirst();
  }

  deleteOfUser(userId: string, within: Queries): Promise<EndedSessionRow[]> {
    return within.deleteFrom('sessions').where('user_id', '=', userId).returning(['id', 'user_id']).execute();
  }

  /** Deletes those whose end has come or that nobody used since `idleSinceMs`. */
  deleteExpired(nowMs: number, idleSinceMs: number, within: Queries): Promise<EndedSessionRow[]> {
    return within
      .deleteFrom('sessions')
      .where((eb) => eb.or([eb('expires_at_ms', '<=', nowMs), eb('last_seen_ms', '<=', idleSinceMs)]))
      .returning(['id', 'user_id'])
      .execute();
  }
}
