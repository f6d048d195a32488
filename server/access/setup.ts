import type { SetupRequest } from '../contracts/session.ts';
import type { User } from '../contracts/users.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newSecret } from '../platform/ids.ts';
import { AccountStore } from '../storage/account.store.ts';
import type { Database } from '../storage/database.ts';
import { SetupTokenStore } from '../storage/setup-token.store.ts';
import { addAccount, newAccount, toUser } from './accounts.ts';
import type { AuditLog } from './audit-log.ts';
import { hashOfToken } from './tokens.ts';

const validMs = 24 * 3_600_000;

/** The first administrator of an empty system, made through a link that works once. */
export class Setup {
  readonly #database: Database;
  readonly #accounts: AccountStore;
  readonly #tokens: SetupTokenStore;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(options: { database: Database; audit: AuditLog; clock: Clock }) {
    this.#database = options.database;
    this.#accounts = new AccountStore(options.database.kysely);
    this.#tokens = new SetupTokenStore(options.database.kysely);
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /** True as long as there is no account at all. */
  needed(): Promise<boolean> {
    return this.#accounts.isEmpty();
  }

  /**
   * To be called at each start: the token of the set-up link, valid for 24 hours, or null when there are accounts. A token
   * of an earlier start is void from then on. Only its hash is kept, so this is the one chance to print it.
   */
  async prepare(): Promise<string | null> {
    if (!(await this.needed())) {
      await this.#tokens.clear();
      return null;
    }
    const token = newSecret();
    await this.#tokens.replace({ token_hash: hashOfToken(token), expires_at_ms: this.#clock.nowMs() + validMs });
    return token;
  }

  /** Uses up the token and makes the administrator. Errors: `setup_token_invalid` (unknown, used, too old, or no longer needed). */
  async complete(request: SetupRequest, address: string): Promise<User> {
    const tokenHash = hashOfToken(request.token);
    // Hashing a password is dear: strangers who guess tokens do not get that far.
    if (!(await this.#tokens.isValid(tokenHash, this.#clock.nowMs()))) throw invalidToken();
    const { username, name, password } = request;
    const row = await newAccount({ username, name, password, role: 'admin', unitId: null }, this.#clock.nowMs());
    await this.#database.kysely.transaction().execute(async (trx) => {
      const valid = await this.#tokens.consume(tokenHash, this.#clock.nowMs(), trx);
      if (!valid || !(await this.#accounts.isEmpty(trx))) throw invalidToken();
      await addAccount(row, { actor: 'system', address }, this.#accounts, this.#audit, trx);
    });
    return toUser(row);
  }
}

function invalidToken(): AppError {
  return new AppError('forbidden', 'setup_token_invalid');
}
