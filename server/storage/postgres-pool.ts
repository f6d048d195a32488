import { setTimeout } from 'node:timers/promises';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import type { Logger } from '../platform/log.ts';
import { bindable } from './column-value.ts';
import { isCollision, isPoolExhausted, translated } from './postgres-errors.ts';

/** Every transaction that may write takes this advisory lock first, whichever server it comes from. Of this program alone: "lienthong" hashed. */
const transactionLock = '7218049358117306421';
/** Of statements and transactions that collided with another. */
const mostAttempts = 4;
/** Longer each time, and never the same for two who collided, or they would meet again. */
const pauseMs = 20;

/** A database server that has gone mostly says nothing at all. */
const closeWithinMs = 2000;

/** Values as `node:sqlite` gives them: numbers, and 0 or 1. */
const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, exactInteger],
  // Sums of bigint columns.
  [pg.types.builtins.NUMERIC, Number],
  [pg.types.builtins.BOOL, (text) => (text === 't' ? 1 : 0)],
]);

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError('an integer of the database has more digits than a number holds');
  return value;
}

/** Does again what collided and was wholly undone. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === mostAttempts || !isCollision(error)) throw error;
      await setTimeout(pauseMs * attempt * (1 + Math.random()));
    }
  }
}

/**
 * The driver's pool in the shape that Kysely asks for, with what the stores rely on: values as SQLite gives them, transactions that take turns,
 * errors in the program's terms. A connection that failed is not used again.
 */
export class StorePool implements PostgresPool {
  readonly options = {};
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  /** Whether the last attempt to connect failed. */
  #away = false;

  constructor(options: pg.PoolConfig, log: Logger) {
    this.#log = log;
    this.#pool = new pg.Pool({
      ...options,
      Client: ClosingClient,
      application_name: 'lienthong',
      keepAlive: true,
      types: {
        getTypeParser: (type: number, format?: 'text' | 'binary') =>
          (format !== 'binary' && parsers.get(type)) || pg.types.getTypeParser(type, format as 'text'),
      },
    });
    // Both the pool and a connection in use tell of a connection that ended; unheard, that would end the program.
    this.#pool.on('error', (error) => log.debug({ err: error }, 'an unused connection to the database ended'));
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  async connect(): Promise<PostgresPoolClient> {
    try {
      const client = await this.#pool.connect();
      if (this.#away) this.#log.info('the database answers again');
      this.#away = false;
      return new StoreClient(client);
    } catch (error) {
      if (!isPoolExhausted(error)) {
        if (!this.#away) this.#log.error({ err: error }, 'the database does not answer');
        this.#away = true;
      }
      throw translated(error);
    }
  }

  async end(): Promise<void> {
    const given = new AbortController();
    const late = setTimeout(closeWithinMs, undefined, { signal: given.signal }).catch(() => {});
    await Promise.race([this.#pool.end(), late]).finally(() => given.abort());
  }
}

/** Ends a connection that was not let in: asked for a password that it has not, the driver gives up and leaves it open. */
class ClosingClient extends pg.Client {
  override connect(): Promise<this>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): unknown {
    const connected = super.connect().catch((error: Error) => {
      this.end().catch(() => {});
      throw error;
    });
    if (callback === undefined) return connected;
    connected.then(() => (callback as () => void)(), callback);
    return undefined;
  }
}

class StoreClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  #inTransaction = false;
  #broken = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  release(destroy = false): void {
    this.#client.release(destroy || this.#broken);
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query(sql: unknown, parameters: readonly unknown[] = []): unknown {
    return this.#query(sql, parameters);
  }

  async #query<R>(sql: unknown, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (typeof sql !== 'string') throw new TypeError('rows are not streamed');
    if (sql === 'begin' || sql.startsWith('start transaction')) return this.#begin(sql);
    const values = parameters.map(bindable);
    // A statement by itself is undone wholly. One of a transaction undoes the transaction: that is begun anew by whoever began it.
    const send = () => this.#send(sql, values);
    const { command, rowCount, rows } = await (this.#inTransaction ? send() : again(send));
    if (sql === 'commit' || sql === 'rollback') this.#inTransaction = false;
    return { command: command as 'SELECT', rowCount: rowCount ?? 0, rows: rows as R[] };
  }

  /** At read committed each statement sees what was committed before it; what was before the lock counts as before the transaction. */
  async #begin<R>(sql: string): Promise<PostgresQueryResult<R>> {
    const begin = sql === 'begin' ? 'begin isolation level read committed' : sql;
    const lock = sql.includes('read only') ? '' : `; select pg_advisory_xact_lock(${transactionLock})`;
    this.#inTransaction = true;
    try {
      await this.#send(begin + lock);
    } catch (error) {
      // Begun, perhaps, and not ended.
      this.#broken = true;
      throw error;
    }
    return { command: 'SELECT', rowCount: 0, rows: [] };
  }

  async #send(sql: string, values?: readonly unknown[]): Promise<pg.QueryResult> {
    try {
      return await this.#client.query(sql, values as unknown[] | undefined);
    } catch (error) {
      const told = translated(error);
      // What did not come from the server leaves the connection in a state that nobody knows.
      if (!(error instanceof pg.DatabaseError)) this.#broken = true;
      throw told;
    }
  }
}
