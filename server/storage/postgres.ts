import { readFileSync } from 'node:fs';
import {
  type ColumnDefinitionNode,
  DataTypeNode,
  Kysely,
  PostgresDialect,
  PostgresQueryCompiler,
  type QueryCompiler,
  RawNode,
  sql,
  type Transaction,
  type TransactionBuilder,
} from 'kysely';
import pg from 'pg';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { migrate } from './migrate.ts';
import { startError } from './postgres-errors.ts';
import { again, StorePool } from './postgres-pool.ts';
import type { Schema } from './schema.ts';

export interface PostgresSettings {
  /** `postgres://user@host:5432/name`, with the driver's parameters (`sslmode`, `sslrootcert`, `host` of a socket …). */
  url: string;
  /** File with the password; empty where none is needed or the environment tells it (`PGPASSWORD`). */
  passwordFile: string;
  /** Most connections at once. */
  connections: number;
}

const oldestVersion = 14;
const connectWithinMs = 3000;
const statementWithinMs = 30_000;
/** Also for how long a transaction waits for its turn. */
const lockWithinMs = 10_000;
/** So long a server that fell silent inside a transaction keeps the others waiting, at most. */
const idleTransactionMs = 20_000;
/** The server ends a statement before; this is for one that cannot be reached any more. */
const answerWithinMs = statementWithinMs + 5000;

/**
 * Opens the database and brings its schema up to date, under the lock that all transactions take: of servers that start at once, each step is
 * done by one. Errors: `database_password_unreadable`, `database_unreachable`, `database_credentials_refused`, `database_unknown`,
 * `database_version_unsupported`, `database_encoding_unsupported`, `database_newer`, `migration_failed`.
 */
export async function openPostgres(settings: PostgresSettings, log: Logger): Promise<Kysely<Schema>> {
  const connection = {
    connectionString: withPassword(settings),
    connectionTimeoutMillis: connectWithinMs,
  };
  const name = describe(connection.connectionString);
  // A step of the schema takes as long as it takes, and waits as long for that of another server.
  const patient = new Kysely<Schema>({
    dialect: new StoreDialect({ pool: new StorePool({ ...connection, max: 1 }, log) }),
  });
  try {
    await checkServer(patient, name);
    await migrate(patient, log);
  } catch (error) {
    throw startError(error, name);
  } finally {
    await patient.destroy();
  }
  const pool = new StorePool(
    {
      ...connection,
      max: settings.connections,
      idleTimeoutMillis: 60_000,
      statement_timeout: statementWithinMs,
      lock_timeout: lockWithinMs,
      idle_in_transaction_session_timeout: idleTransactionMs,
      query_timeout: answerWithinMs,
    },
    log,
  );
  return new TurnTakingKysely({ dialect: new StoreDialect({ pool }) });
}

/** As a parameter of the address, since what an address says goes before the driver's own option. */
function withPassword({ url, passwordFile }: PostgresSettings): string {
  if (passwordFile === '') return url;
  try {
    const password = readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '');
    return `${url}${url.includes('?') ? '&' : '?'}password=${encodeURIComponent(password)}`;
  } catch (cause) {
    const params = { path: passwordFile };
    throw new AppError('unavailable', 'database_password_unreadable', { retry: false, cause, params });
  }
}

/** Where it is, for messages: never the password. */
function describe(connectionString: string): string {
  try {
    const { user, host, port, database } = new pg.Client({ connectionString });
    return `${user}@${host}:${port}/${database}`;
  } catch (cause) {
    throw new AppError('unavailable', 'database_unreachable', { retry: false, cause, params: { database: '' } });
  }
}

async function checkServer(kysely: Kysely<Schema>, database: string): Promise<void> {
  const { rows } = await sql<{ version: string; encoding: string }>`
    select current_setting('server_version') as version, current_setting('server_encoding') as encoding`.execute(
    kysely,
  );
  const [server] = rows;
  const unfit = server && unfitServer(server.version, server.encoding);
  if (unfit) throw new AppError('unavailable', unfit, { retry: false, params: { database, ...server, oldestVersion } });
}

/** Why a server of that version (`15.18 (Debian …)`) and encoding cannot be used, as the code of an error; null where it can. */
export function unfitServer(version: string, encoding: string): string | null {
  if (!(Number.parseInt(version, 10) >= oldestVersion)) return 'database_version_unsupported';
  return encoding === 'UTF8' ? null : 'database_encoding_unsupported';
}

class StoreDialect extends PostgresDialect {
  override createQueryCompiler(): QueryCompiler {
    return new ColumnTypeCompiler();
  }
}

/** Types that are not on PostgreSQL what they are in SQLite, with those that are. */
const columnTypes: Readonly<Record<string, string>> = {
  // Compared bytewise, whatever the order of the database is: pages go on by ids, and indexes outlive a change of the system's library.
  text: 'text collate "C"',
  // Eight bytes.
  real: 'double precision',
};

class ColumnTypeCompiler extends PostgresQueryCompiler {
  protected override visitColumnDefinition(node: ColumnDefinitionNode): void {
    const named = DataTypeNode.is(node.dataType) ? columnTypes[node.dataType.dataType] : undefined;
    super.visitColumnDefinition(named === undefined ? node : { ...node, dataType: RawNode.createWithSql(named) });
  }
}

/**
 * One transaction of this process at a time, so that those that wait hold no connection that a reader could use. One that collided with
 * another statement was undone wholly and is done again: what runs inside a transaction touches nothing but the transaction.
 */
class TurnTakingKysely extends Kysely<Schema> {
  #turn: Promise<void> = Promise.resolve();

  override transaction(): TransactionBuilder<Schema> {
    const builder = super.transaction();
    const once = builder.execute.bind(builder);
    builder.execute = <T>(work: (trx: Transaction<Schema>) => Promise<T>) =>
      this.#inTurn(() => again(() => once(work)));
    return builder;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    const done = Promise.withResolvers<void>();
    this.#turn = before.then(() => done.promise);
    try {
      await within(before, lockWithinMs);
      return await work();
    } finally {
      done.resolve();
    }
  }
}

async function within(turn: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.reject(new AppError('unavailable', 'database_busy')), ms);
  await Promise.race([turn, late.promise]).finally(() => clearTimeout(timer));
}
