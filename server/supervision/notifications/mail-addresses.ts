import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { userMailList } from '../../contracts/notices.ts';
import type { Role } from '../../contracts/roles.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { Database, Queries } from '../../storage/database.ts';
import type { DeliveryStore } from '../../storage/delivery.store.ts';
import type { MailAddressRow, NoticeSettingsStore } from '../../storage/notice-settings.store.ts';
import type { Audit, Supervisor } from '../supervisor.ts';
import type { Outbox } from './outbox.ts';

export interface MailAddressesOptions<A extends Supervisor> {
  database: Database;
  store: NoticeSettingsStore;
  deliveries: DeliveryStore;
  outbox: () => Outbox;
  audit: Audit<A>;
  clock: Clock;
  mailOffered: boolean;
}

const codeLivesMs = 24 * 3_600_000;
const mostTries = 10;
const mostCodesAnHour = 5;
const hourMs = 3_600_000;

/**
 * Where each person's mail goes. An address is used once the person has shown, signed in, the code that was sent there; until then
 * nothing but that code is. A code is made when its mail is sent, and only its hash is kept.
 */
export class MailAddresses<A extends Supervisor = Supervisor> {
  readonly #options: MailAddressesOptions<A>;

  constructor(options: MailAddressesOptions<A>) {
    this.#options = options;
  }

  /**
   * Sets the address of an account (the actor's own, or by an administrator) and sends a code there.
   * Errors: `mail_not_offered`, `mail_codes_too_many` (5 an hour).
   */
  async set(actor: A, accountId: string, mail: string, from: string): Promise<void> {
    const { store, deliveries, outbox, audit, clock, database, mailOffered } = this.#options;
    if (!mailOffered) throw new AppError('conflict', 'mail_not_offered');
    const nowMs = clock.nowMs();
    const row: MailAddressRow = {
      account_id: accountId,
      address: mail,
      verified_at_ms: null,
      code_hash: null,
      code_expires_ms: null,
      code_tries: 0,
      changed_at_ms: nowMs,
    };
    await database.kysely.transaction().execute(async (trx) => {
      const sent = await deliveries.countSince('mail', accountId, nowMs - hourMs, 'verification', trx);
      if (sent >= mostCodesAnHour) throw new AppError('too_many', 'mail_codes_too_many');
      await deliveries.dropFor('mail', accountId, nowMs, trx);
      await store.putAddress(row, trx);
      await outbox().put({ channel: 'mail', targetId: accountId, kind: 'verification', dueMs: nowMs }, trx);
      // That it changed, not to what: the audit log is read by people who have no business with private addresses.
      const record = { actor, address: from, action: 'account.mail_set', subject: `account:${accountId}`, details: {} };
      await audit(record, trx);
    });
  }

  /** A new code for the address that waits for one. Errors: as `set`, `mail_unknown`, `mail_verified`. */
  async resend(actor: A, accountId: string, from: string): Promise<void> {
    const row = await this.#options.store.address(accountId);
    if (row === undefined) throw new AppError('not_found', 'mail_unknown');
    if (row.verified_at_ms !== null) throw new AppError('conflict', 'mail_verified');
    await this.set(actor, accountId, row.address, from);
  }

  /** Errors: `mail_unknown`; `mail_code_wrong`, also for a code that is too old or was tried too often. */
  async verify(actor: A, code: string, from: string): Promise<void> {
    const { store, clock, database, audit } = this.#options;
    const { userId } = actor;
    const row = await store.address(userId);
    if (row === undefined) throw new AppError('not_found', 'mail_unknown');
    if (row.verified_at_ms !== null) return;
    const nowMs = clock.nowMs();
    const open = row.code_hash !== null && nowMs < (row.code_expires_ms ?? 0);
    // Counted before it is compared: many at once are no way around the bound.
    const counted = open && (await store.countTry(userId, mostTries));
    if (!counted || row.code_hash === null || !same(row.code_hash, hashOf(userId, code))) {
      throw new AppError('invalid', 'mail_code_wrong', { fields: { code: 'wrong or too old' } });
    }
    await database.kysely.transaction().execute(async (trx) => {
      await store.patchAddress(userId, { verified_at_ms: nowMs, code_hash: null, code_expires_ms: null }, trx);
      const record = {
        actor,
        address: from,
        action: 'account.mail_verified',
        subject: `account:${userId}`,
        details: {},
      };
      await audit(record, trx);
    });
  }

  async remove(actor: A, accountId: string, from: string): Promise<void> {
    const { store, deliveries, clock, database, audit } = this.#options;
    await database.kysely.transaction().execute(async (trx) => {
      if (!(await store.removeAddress(accountId, trx))) return;
      await deliveries.dropFor('mail', accountId, clock.nowMs(), trx);
      const record = {
        actor,
        address: from,
        action: 'account.mail_removed',
        subject: `account:${accountId}`,
        details: {},
      };
      await audit(record, trx);
    });
  }

  /** Of every account, for administrators. */
  async ofAll(accounts: readonly { id: string; name: string; role: Role }[]): Promise<z.infer<typeof userMailList>> {
    const rows = new Map((await this.#options.store.addresses()).map((row) => [row.account_id, row]));
    return {
      mailOffered: this.#options.mailOffered,
      items: accounts.map(({ id, name, role }) => {
        const row = rows.get(id);
        const mail = row === undefined ? null : { address: row.address, verified: row.verified_at_ms !== null };
        return { userId: id, name, role, mail };
      }),
    };
  }

  /** The address that mail may go to; null while there is none, or none that is verified. */
  async usable(accountId: string, within?: Queries): Promise<string | null> {
    const row = await this.#options.store.address(accountId, within);
    return row?.verified_at_ms == null ? null : row.address;
  }

  /** A new code for the address that waits for one, to be sent there now; null when none waits. */
  async newCode(accountId: string): Promise<{ address: string; code: string } | null> {
    const { store, clock } = this.#options;
    const row = await store.address(accountId);
    if (row === undefined || row.verified_at_ms !== null) return null;
    const code = String(randomInt(100_000_000)).padStart(8, '0');
    const expiresMs = clock.nowMs() + codeLivesMs;
    await store.patchAddress(accountId, { code_hash: hashOf(accountId, code), code_expires_ms: expiresMs });
    return { address: row.address, code };
  }
}

/** Eight digits could be guessed from a hash; ten tries and a day keep it from being worth anything. */
function hashOf(accountId: string, code: string): string {
  return createHash('sha256').update(`${accountId}:${code}`).digest('hex');
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
