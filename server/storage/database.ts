import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { migrate } from './migrate.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import type { Schema } from './schema.ts';

export interface Database {
  kysely: Kysely<Schema>;
  dialect: 'sqlite';
  close(): Promise<void>;
}

/** What a store queries: the database, or a transaction on it. */
export type Queries = Kysely<Schema>;

/** How long a statement waits for another process (the command line tool, a backup) to end its write. */
const busyTimeoutMs = 5000;

/**
 * Opens the supervision database, creates it when there is none (mode 0600), and brings its schema up to date.
 * There is one connection: statements and transactions take turns. Inside `transaction().execute(…)` use only the
 * transaction; asking the database itself would wait for ever.
 * Errors: `database_unopenable`, `database_newer`, `migration_failed`.
 */
export async function openDatabase(options: { sqlitePath: string; log: Logger }): Promise<Database> {
  const { sqlitePath, log } = options;
  const sqlite = openSqlite(sqlitePath);
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
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw new AppError('unavailable', 'database_unopenable', { retry: false, cause: error, params: { path } });
  }
}
