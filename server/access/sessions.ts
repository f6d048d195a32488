import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock.ts';
import { Events } from '../platform/events.ts';
import type { Logger } from '../platform/log.ts';
import type { Database, Queries } from '../storage/database.ts';
import { type EndedSessionRow, SessionStore } from '../storage/session.store.ts';
import type { AuditLog, By } from './audit-log.ts';
import { type Session, toSession } from './session.ts';
import { SignIn } from './sign-in.ts';
import { SignInLimits } from './sign-in-limits.ts';
import { hashOfToken } from './tokens.ts';

// What callers of the service name together with it.
export { csrfMatches, type Session } from './session.ts';

export type SessionEndReason = 'signed_out' | 'expired' | 'account_changed';

export interface SessionEvents {
  ended: { sessionId: string; userId: string; reason: SessionEndReason };
}

export interface SessionsOptions {
  database: Database;
  audit: AuditLog;
  clock: Clock;
  log: Logger;
  /** Unused for so long, a session ends: 12 hours. */
  idleMs?: number;
  /** However much it is used, a session ends: 7 days. */
  absoluteMs?: number;
  limits?: SignInLimits;
}

interface CachedSession {
  session: Session;
  lastSeenMs: number;
  savedMs: number;
  /** On the monotonic clock: when the database last confirmed it. */
  confirmedMs: number;
}

/** For so long a cached session is believed: a change by another process is noticed within it, one by this process at once. */
const confirmEveryMs = 60_000;
const maxCached = 10_000;

/** Signed-in people. A session's token is 256 random bits in a cookie; the database knows only its hash. */
export class Sessions {
  readonly #database: Database;
  readonly #store: SessionStore;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #idleMs: number;
  readonly #signIn: SignIn;
  readonly #events: Events<SessionEvents>;
  readonly #cache = new LRUCache<string, CachedSession>({ max: maxCached });
  readonly #loading = new Map<string, Promise<Session | undefined>>();
  /** Counts revocations: what was read before one is read again. */
  #generation = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SessionsOptions) {
    this.#database = options.database;
    this.#store = new SessionStore(options.database.kysely);
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#idleMs = options.idleMs ?? 12 * 3_600_000;
    this.#signIn = new SignIn({
      database: options.database,
      audit: options.audit,
      clock: options.clock,
      absoluteMs: options.absoluteMs ?? 7 * 24 * 3_600_000,
      limits: options.limits ?? new SignInLimits(),
    });
    this.#events = new Events(options.log);
  }

  /** Returns the function that ends the subscription. */
  on<K extends keyof SessionEvents>(name: K, listener: (payload: SessionEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Errors: `sign_in_failed` (unknown name, wrong password and disabled account look the same and take the same time),
   * `too_many_attempts` (with `retryAfterSeconds`), `sign_in_busy`.
   */
  async signIn(
    request: { username: string; password: string },
    from: { address: string; userAgent: string },
  ): Promise<{ token: string; session: Session }> {
    return this.#signIn.signIn(request, from);
  }

  /** The session of a cookie's token, which counts as being used; undefined when it is unknown or over. */
  async resolve(token: string): Promise<Session | undefined> {
    if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
    const tokenHash = hashOfToken(token);
    const cached = this.#cache.get(tokenHash);
    if (cached === undefined || this.#clock.monotonicMs() - cached.confirmedMs >= confirmEveryMs) {
      return this.#load(tokenHash);
    }
    const nowMs = this.#clock.nowMs();
    if (this.#isOver(cached.lastSeenMs, cached.session.expiresAtMs, nowMs)) {
      await this.#end(cached.session.id, 'expired');
      return undefined;
    }
    cached.lastSeenMs = nowMs;
    return cached.session;
  }

  async signOut(sessionId: string, by: By = { actor: 'system', address: '' }): Promise<void> {
    await this.#end(sessionId, 'signed_out', by);
  }

  /** Ends every session of an account, at once in this process. */
  async endSessionsOf(userId: string, reason: SessionEndReason = 'account_changed'): Promise<void> {
    this.announceEnded(await this.deleteOf(userId, this.#database.kysely), reason);
  }

  /** The first half of `endSessionsOf`, inside a transaction; `announceEnded` follows once it is committed. */
  deleteOf(userId: string, within: Queries): Promise<EndedSessionRow[]> {
    return this.#store.deleteOfUser(userId, within);
  }

  announceEnded(rows: readonly EndedSessionRow[], reason: SessionEndReason): void {
    if (rows.length === 0) return;
    this.#generation += 1;
    const ids = new Set(rows.map((row) => row.id));
    this.#forget((session) => ids.has(session.id));
    for (const row of rows) this.#events.emit('ended', { sessionId: row.id, userId: row.user_id, reason });
  }

  /** Reads what the sessions of an account carry of it (the name) again. */
  refresh(userId: string): void {
    this.#generation += 1;
    this.#forget((session) => session.actor.userId === userId);
  }

  /** Sweeps once a minute. */
  start(): void {
    this.#timer ??= setInterval(() => {
      this.sweep().catch((error) => this.#log.error({ err: error }, 'sessions could not be swept'));
    }, 60_000).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#save();
  }

  /** Ends the sessions whose time is over, also those that nobody asks for, and those that another process has ended. */
  async sweep(): Promise<void> {
    await this.#save();
    const nowMs = this.#clock.nowMs();
    const expired = await this.#database.kysely.transaction().execute(async (trx) => {
      const rows = await this.#store.deleteExpired(nowMs, nowMs - this.#idleMs, trx);
      for (const row of rows) await this.#auditEnd(row, 'expired', { actor: 'system', address: '' }, trx);
      return rows;
    });
    this.announceEnded(expired, 'expired');
    const cached = [...this.#cache.entries()];
    const live = new Set(await this.#store.liveIds());
    const gone = cached.filter(([hash, entry]) => !live.has(entry.session.id) && this.#cache.peek(hash) === entry);
    this.announceEnded(
      gone.map(([, { session }]) => ({ id: session.id, user_id: session.actor.userId })),
      'account_changed',
    );
  }

  #load(tokenHash: string): Promise<Session | undefined> {
    const loading =
      this.#loading.get(tokenHash) ?? this.#read(tokenHash).finally(() => this.#loading.delete(tokenHash));
    this.#loading.set(tokenHash, loading);
    return loading;
  }

  async #read(tokenHash: string): Promise<Session | undefined> {
    for (;;) {
      const generation = this.#generation;
      const cached = this.#cache.get(tokenHash);
      const row = await this.#store.byTokenHash(tokenHash);
      const nowMs = this.#clock.nowMs();
      if (generation !== this.#generation) continue;
      if (row === undefined) {
        if (cached !== undefined) {
          this.announceEnded([{ id: cached.session.id, user_id: cached.session.actor.userId }], 'account_changed');
        }
        return undefined;
      }
      if (this.#isOver(Math.max(row.last_seen_ms, cached?.lastSeenMs ?? 0), row.expires_at_ms, nowMs)) {
        await this.#end(row.id, 'expired');
        return undefined;
      }
      await this.#store.touch(row.id, nowMs);
      if (generation !== this.#generation) continue;
      const session = toSession(row);
      const confirmedMs = this.#clock.monotonicMs();
      this.#cache.set(tokenHash, { session, lastSeenMs: nowMs, savedMs: nowMs, confirmedMs });
      return session;
    }
  }

  async #end(sessionId: string, reason: SessionEndReason, by: By = { actor: 'system', address: '' }): Promise<void> {
    const ended = await this.#database.kysely.transaction().execute(async (trx) => {
      const row = await this.#store.delete(sessionId, trx);
      if (row === undefined) return [];
      await this.#auditEnd(row, reason, by, trx);
      return [row];
    });
    this.announceEnded(ended, reason);
  }

  async #auditEnd(row: EndedSessionRow, reason: SessionEndReason, by: By, within: Queries): Promise<void> {
    const subject = `account:${row.user_id}`;
    await this.#audit.append({ ...by, action: 'session.ended', subject, details: { reason } }, within);
  }

  #isOver(lastSeenMs: number, expiresAtMs: number, nowMs: number): boolean {
    return nowMs >= expiresAtMs || nowMs - lastSeenMs >= this.#idleMs;
  }

  #forget(matches: (session: Session) => boolean): void {
    for (const [tokenHash, { session }] of this.#cache.entries()) {
      if (matches(session)) this.#cache.delete(tokenHash);
    }
  }

  /** Writes down when the cached sessions were last used. */
  async #save(): Promise<void> {
    for (const cached of [...this.#cache.values()]) {
      if (cached.lastSeenMs <= cached.savedMs) continue;
      cached.savedMs = cached.lastSeenMs;
      await this.#store.touch(cached.session.id, cached.savedMs);
    }
  }
}
