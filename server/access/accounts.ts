import type { CreateUserRequest, PatchUserRequest, User } from '../contracts/users.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { type AccountChanges, type AccountRow, AccountStore } from '../storage/account.store.ts';
import { fromFlag, toFlag } from '../storage/columns.ts';
import type { Database, Queries } from '../storage/database.ts';
import type { AuditLog, By } from './audit-log.ts';
import { hashPassword } from './passwords.ts';
import type { Sessions } from './sessions.ts';

/** The people who may sign in. Every change is in the audit log together with the change itself, or not at all. */
export class Accounts {
  readonly #database: Database;
  readonly #store: AccountStore;
  readonly #sessions: Pick<Sessions, 'deleteOf' | 'announceEnded' | 'refresh'>;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(options: {
    database: Database;
    sessions: Pick<Sessions, 'deleteOf' | 'announceEnded' | 'refresh'>;
    audit: AuditLog;
    clock: Clock;
  }) {
    this.#database = options.database;
    this.#store = new AccountStore(options.database.kysely);
    this.#sessions = options.sessions;
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /** Errors: `username_taken`, `unit_head_needs_unit`, `unit_not_for_role`. That the unit exists is the caller's to check. */
  async create(request: CreateUserRequest, by: By): Promise<User> {
    const row = await newAccount(request, this.#clock.nowMs());
    await this.#database.kysely.transaction().execute((trx) => addAccount(row, by, this.#store, this.#audit, trx));
    return toUser(row);
  }

  /** Sorted by username. */
  async list(): Promise<User[]> {
    return (await this.#store.list()).map(toUser);
  }

  /** Errors: `user_unknown`. */
  async get(id: string): Promise<User> {
    return toUser(known(await this.#store.byId(id)));
  }

  async byUsername(username: string): Promise<User | undefined> {
    const row = await this.#store.byUsername(username.toLowerCase());
    return row && toUser(row);
  }

  /**
   * Changes what is named. A new password and disabling end the account's sessions.
   * Errors: `user_unknown`, `last_admin` (the last administrator who may sign in cannot be disabled).
   */
  async patch(id: string, request: PatchUserRequest, by: By): Promise<User> {
    const changes: AccountChanges = {};
    if (request.name !== undefined) changes.name = request.name;
    if (request.disabled !== undefined) changes.disabled = toFlag(request.disabled);
    if (request.password !== undefined) {
      known(await this.#store.byId(id));
      changes.password_hash = await hashPassword(request.password);
    }
    const { row, ended } = await this.#database.kysely.transaction().execute(async (trx) => {
      const before = known(await this.#store.byId(id, trx));
      if (Object.keys(changes).length === 0) return { row: before, ended: [] };
      const disables = request.disabled === true && !fromFlag(before.disabled);
      if (disables && before.role === 'admin' && !(await this.#store.hasOtherActiveAdmin(id, trx))) {
        throw new AppError('conflict', 'last_admin');
      }
      await this.#store.update(id, changes, trx);
      const endsSessions = disables || request.password !== undefined;
      const endedNow = endsSessions ? await this.#sessions.deleteOf(id, trx) : [];
      const details = {
        ...(request.name === undefined ? {} : { name: request.name }),
        ...(request.disabled === undefined ? {} : { disabled: request.disabled }),
        ...(request.password === undefined ? {} : { passwordChanged: true }),
        ...(endsSessions ? { sessionsEnded: endedNow.length } : {}),
      };
      await this.#audit.append({ ...by, action: 'account.changed', subject: `account:${id}`, details }, trx);
      return { row: { ...before, ...changes }, ended: endedNow };
    });
    this.#sessions.announceEnded(ended, 'account_changed');
    this.#sessions.refresh(id);
    return toUser(row);
  }
}

/** The row of a new account. Errors: `unit_head_needs_unit`, `unit_not_for_role`, `sign_in_busy`. */
export async function newAccount(request: CreateUserRequest, nowMs: number): Promise<AccountRow> {
  const { username, name, role, unitId } = request;
  if (role === 'unit_head' && unitId === null) {
    throw new AppError('invalid', 'unit_head_needs_unit', { fields: { unitId: 'a unit head belongs to a unit' } });
  }
  if (role !== 'unit_head' && unitId !== null) {
    throw new AppError('invalid', 'unit_not_for_role', { fields: { unitId: 'only a unit head belongs to a unit' } });
  }
  return {
    id: newId(),
    username: username.toLowerCase(),
    name,
    role,
    unit_id: unitId,
    password_hash: await hashPassword(request.password),
    disabled: 0,
    created_at_ms: nowMs,
    last_sign_in_ms: null,
  };
}

/** Stores a new account with its audit entry. Errors: `username_taken`. */
export async function addAccount(
  row: AccountRow,
  by: By,
  store: AccountStore,
  audit: AuditLog,
  within: Queries,
): Promise<void> {
  if (!(await store.insert(row, within))) {
    throw new AppError('conflict', 'username_taken', { fields: { username: 'taken' } });
  }
  const details = { username: row.username, name: row.name, role: row.role, unitId: row.unit_id };
  await audit.append({ ...by, action: 'account.created', subject: `account:${row.id}`, details }, within);
}

export function toUser(row: AccountRow): User {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    role: row.role,
    unitId: row.unit_id,
    disabled: fromFlag(row.disabled),
    createdAtMs: row.created_at_ms,
    lastSignInMs: row.last_sign_in_ms,
  };
}

function known(row: AccountRow | undefined): AccountRow {
  if (row === undefined) throw new AppError('not_found', 'user_unknown');
  return row;
}
