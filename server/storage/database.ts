import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { migrate } from './migrate.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import { openPostgres, type PostgresSettings } from './postgres.ts';
import type { Schema } from './schema.ts';

export interface Database {
  kysely: Kysely<Schema>;
  dialect: 'sqlite' | 'postgres';
  close(): Promise<void>;
}

/** What a store queries: the database, or a transaction on it. */
export type Queries = Kysely<Schema>;

/** How long a statement waits for another process (the command line tool, a backup) to end its write. */
const busyTimeoutMs = 5000;

/** Where the supervision database is: a file, or a database of a PostgreSQL server. */
export type DatabasePlace = { sqlitePath: string } | { postgres: PostgresSettings };

/** By configuration: with an address that PostgreSQL database, otherwise a file in the data directory. */
export function databasePlace(settings: PostgresSettings, dataDir: string): DatabasePlace {
  return settings.url === '' ? { sqlitePath: join(dataDir, 'lienthong.sqlite') } : { postgres: settings };
}

/**
 * Opens the supervision database, creates the SQLite file when there is none (mode 0600), and brings the schema up to date.
 * Transactions take turns on both: on SQLite there is one connection, which other statements wait for too; on PostgreSQL they share a lock
 * (docs/adr/0007-postgresql.md) and other statements go on beside them. Inside `transaction().execute(…)` use only the transaction, since asking
 * the database itself would wait for ever, and touch nothing else, since after a collision it is run again.
 * Errors: `database_unopenable`, `database_newer`, `migration_failed`, and those of `openPostgres`.
 */
export async function openDatabase(options: DatabasePlace & { log: Logger }): Promise<Database> {
  const { log } = options;
  if ('postgres' in options) {
    const kysely = await openPostgres(options.postgres, log);
    return { kysely, dialect: 'postgres', close: () => kysely.destroy() };
  }
  const sqlite = openSqlite(options.sqlitePath);
  const kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(sqlite, log) });
  try {
    await migrate(kysely, log);
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
  return { kysely, dialect: 'sqlite', close: () => kysely.destroy() };
}

function openSqlite(path: string): DatabaseSync {
  let sqlite: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives its journal the mode of the database file.
    closeSync(openSync(path, 'a', 0o600));
    sqlite = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    sqlite.exec('pragma journal_mode = wal');
    // FULL: what the audit log has accepted survives a power cut. Writes are few here; footage has an index of its own.
    sqlite.exec('pragma synchronous = full');
    // In KiB: a search looks through every case, and with the 2 MB of the default it reads most of them anew each time.
    sqlite.exec('pragma cache_size = -32768');
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw new AppError('unavailable', 'database_unopenable', { retry: false, cause: error, params: { path } });
  }
}
