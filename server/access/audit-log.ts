import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { AuditEntry, auditPage, auditVerification } from '../contracts/audit.ts';
import { canonicalJson, type JsonValue } from '../platform/canonical-json.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { type AuditRow, AuditStore } from '../storage/audit.store.ts';
import type { Database, Queries } from '../storage/database.ts';
import type { Actor } from './actor.ts';

/** Who acts, and from where: what every change that leaves a trace is told. */
export interface By {
  actor: Actor | 'system';
  /** Network address of the caller; empty where there is none. */
  address: string;
}

export interface AuditInput extends Partial<Pick<By, 'address'>> {
  actor: Actor | 'system';
  /** `session.created`, `camera.created`, `incident.concluded` … */
  action: string;
  /** What it was done to: `account:<id>`, `camera:<id>`, `incident:<id>`. */
  subject: string;
  details?: { readonly [key: string]: JsonValue };
}

/** The hash that the first entry follows. */
const genesis = '0'.repeat(64);
const batchSize = 1000;
const maxDetailsLength = 64_000;

/**
 * What was done, by whom, when: entries are added and never changed. Each entry's hash is the SHA-256 of the canonical JSON
 * (RFC 8785) of `{seq, atMs, actorId, actorName, actorRole, action, subject, details, address, previous}`, `previous` being
 * the hash of the entry before it (64 zeros before the first), so that a change anywhere breaks every later hash.
 */
export class AuditLog {
  readonly #database: Database;
  readonly #store: AuditStore;
  readonly #clock: Clock;

  constructor(options: { database: Database; clock: Clock }) {
    this.#database = options.database;
    this.#store = new AuditStore(options.database.kysely);
    this.#clock = options.clock;
  }

  /**
   * Adds an entry and returns once it is on the disk. With `within` it becomes part of that transaction: done and told, or
   * neither. Strings under a key that names a secret are censored. Throws a `RangeError` for details above 64,000 characters.
   */
  append(input: AuditInput, within?: Queries): Promise<AuditEntry> {
    const details = canonicalJson(censored(input.details ?? {}));
    if (details.length > maxDetailsLength) throw new RangeError(`details of ${input.action} are too long`);
    const write = async (queries: Queries): Promise<AuditEntry> => {
      const { seq, previousHash } = await this.#store.take(queries);
      const { actor } = input;
      const content = {
        seq,
        at_ms: this.#clock.nowMs(),
        actor_id: actor === 'system' ? null : actor.userId,
        actor_name: actor === 'system' ? 'system' : storable(actor.name),
        actor_role: actor === 'system' ? 'system' : actor.role,
        action: storable(input.action),
        subject: storable(input.subject),
        details,
        address: storable(input.address ?? ''),
      };
      const row = { ...content, hash: hashOf(content, previousHash) };
      await this.#store.put(row, queries);
      return toEntry(row);
    };
    return within === undefined ? this.#database.kysely.transaction().execute(write) : write(within);
  }

  /** A page, newest first. Errors: `cursor_invalid`. */
  async list(query: { cursor?: string; limit: number; action?: string }): Promise<z.infer<typeof auditPage>> {
    const before = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    const rows = await this.#store.before(before, query.limit + 1, query.action);
    const items = rows.slice(0, query.limit).map(toEntry);
    return { items, next: rows.length > query.limit ? String(items.at(-1)?.seq) : null };
  }

  /**
   * Recomputes the whole chain in batches, while entries may be added. `entries` counts those that hold; `firstBroken` is
   * the number of the first entry that was changed, is missing, or stands where it does not belong.
   */
  async verify(): Promise<z.infer<typeof auditVerification>> {
    let seq = 0;
    let hash = genesis;
    const broken = () => ({ ok: false, entries: seq, firstBroken: seq + 1 });
    for (;;) {
      // The head is read before the entries: entries that are added in between only make more of them.
      const head = await this.#store.head();
      const rows = await this.#store.after(seq, batchSize);
      for (const row of rows) {
        if (row.seq !== seq + 1 || !isCanonical(row.details) || row.hash !== hashOf(row, hash)) return broken();
        seq = row.seq;
        hash = row.hash;
      }
      if (rows.length > 0) continue;
      const whole = head !== undefined && head.seq === seq && head.hash === hash;
      return whole ? { ok: true, entries: seq, firstBroken: null } : broken();
    }
  }
}

function hashOf(row: Omit<AuditRow, 'hash'>, previous: string): string {
  const content = canonicalJson({
    seq: row.seq,
    atMs: row.at_ms,
    actorId: row.actor_id,
    actorName: row.actor_name,
    actorRole: row.actor_role,
    action: row.action,
    subject: row.subject,
    details: JSON.parse(row.details) as JsonValue,
    address: row.address,
    previous,
  });
  return createHash('sha256').update(content).digest('hex');
}

function isCanonical(details: string): boolean {
  try {
    return canonicalJson(JSON.parse(details) as JsonValue) === details;
  } catch {
    return false;
  }
}

const secretKey = /password|passphrase|secret|token|cookie|credential|otp$/i;

function censored(value: JsonValue, key = ''): JsonValue {
  if (typeof value === 'string') return secretKey.test(key) ? '[hidden]' : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => censored(item, key));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, censored(member, name)]));
}

/** Text as the database gives it back: half characters would come back changed, and the chain would seem broken. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    seq: row.seq,
    atMs: row.at_ms,
    actorName: row.actor_name,
    actorRole: row.actor_role,
    action: row.action,
    subject: row.subject,
    details: isCanonical(row.details)
      ? (JSON.parse(row.details) as Record<string, unknown>)
      : { unreadable: row.details },
    address: row.address,
    hash: row.hash,
  };
}

function parseCursor(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) {
    throw new AppError('invalid', 'cursor_invalid', { fields: { cursor: 'not a cursor of this list' } });
  }
  return Number(cursor);
}
