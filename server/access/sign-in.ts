import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId, newSecret } from '../platform/ids.ts';
import { type AccountRow, AccountStore } from '../storage/account.store.ts';
import { fromFlag } from '../storage/columns.ts';
import type { Database } from '../storage/database.ts';
import { SessionStore } from '../storage/session.store.ts';
import type { AuditLog } from './audit-log.ts';
import { decoyHash, hashPassword, needsRehash, verifyPassword } from './passwords.ts';
import { type Session, toSession } from './session.ts';
import type { SignInLimits } from './sign-in-limits.ts';
import { hashOfToken } from './tokens.ts';

/** Judges a name and a password, and begins the session. */
export class SignIn {
  readonly #database: Database;
  readonly #accounts: AccountStore;
  readonly #sessions: SessionStore;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #absoluteMs: number;
  readonly #limits: SignInLimits;
  readonly #decoy = decoyHash();

  constructor(options: {
    database: Database;
    audit: AuditLog;
    clock: Clock;
    absoluteMs: number;
    limits: SignInLimits;
  }) {
    this.#database = options.database;
    this.#accounts = new AccountStore(options.database.kysely);
    this.#sessions = new SessionStore(options.database.kysely);
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#absoluteMs = options.absoluteMs;
    this.#limits = options.limits;
  }

  /** Errors: as `Sessions.signIn`. */
  async signIn(
    request: { username: string; password: string },
    from: { address: string; userAgent: string },
  ): Promise<{ token: string; session: Session }> {
    const username = request.username.trim().toLowerCase();
    await this.#limits.take(username, from.address);
    try {
      const begun = await this.#judge(username, request.password, from);
      await this.#limits.succeeded(username, from.address);
      return begun;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'sign_in_failed')) {
        await this.#limits.notJudged(username, from.address);
      }
      throw error;
    }
  }

  async #judge(
    username: string,
    password: string,
    from: { address: string; userAgent: string },
  ): Promise<{ token: string; session: Session }> {
    let account: AccountRow | undefined;
    // Once more when the account got another hash meanwhile: a second sign-in may just have raised its cost.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      account = await this.#accounts.byUsername(username);
      const right = await verifyPassword(password, account?.password_hash ?? this.#decoy);
      if (account === undefined || !right || fromFlag(account.disabled)) break;
      const begun = await this.#begin(account, password, from);
      if (begun !== undefined) return begun;
    }
    throw await this.#refuse(account, from);
  }

  async #begin(
    account: AccountRow,
    password: string,
    from: { address: string; userAgent: string },
  ): Promise<{ token: string; session: Session } | undefined> {
    const rehashed = needsRehash(account.password_hash) ? await hashPassword(password) : undefined;
    const token = newSecret();
    const nowMs = this.#clock.nowMs();
    const row = {
      id: newId(),
      token_hash: hashOfToken(token),
      user_id: account.id,
      csrf_token: newSecret(),
      address: from.address,
      user_agent: from.userAgent.slice(0, 200).toWellFormed(),
      created_at_ms: nowMs,
      last_seen_ms: nowMs,
      expires_at_ms: nowMs + this.#absoluteMs,
    };
    const session = await this.#database.kysely.transaction().execute(async (trx) => {
      // The account may have been disabled, or have got another password, while the password was being verified.
      const now = await this.#accounts.byId(account.id, trx);
      if (now === undefined || fromFlag(now.disabled) || now.password_hash !== account.password_hash) return undefined;
      await this.#sessions.insert(row, trx);
      const changes = rehashed === undefined ? {} : { password_hash: rehashed };
      await this.#accounts.update(account.id, { ...changes, last_sign_in_ms: nowMs }, trx);
      const begun = toSession({ ...row, username: now.username, name: now.name, role: now.role, unit_id: now.unit_id });
      const { actor } = begun;
      const details = { userAgent: row.user_agent };
      const { address } = from;
      await this.#audit.append(
        { actor, address, action: 'session.created', subject: `account:${now.id}`, details },
        trx,
      );
      return begun;
    });
    return session && { token, session };
  }

  async #refuse(account: AccountRow | undefined, from: { address: string }): Promise<AppError> {
    // The name that was typed is not kept: now and then it is a password.
    const subject = account === undefined ? 'account:unknown' : `account:${account.id}`;
    await this.#audit.append({ actor: 'system', action: 'session.refused', subject, address: from.address });
    return new AppError('unauthenticated', 'sign_in_failed');
  }
}
