import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { migrate, requireVersion } from './schema.ts';

export type Row = Record<string, unknown>;

/** A lock of a moment is waited for. */
const busyMs = 3000;

/** The SQLite file of the archive index: opened and migrated, its statements prepared once. */
export class IndexDatabase {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** `readOnly`: for a look from another process while the recorder writes. */
  constructor(path: string, options: { readOnly?: boolean } = {}) {
    if (!options.readOnly && path !== ':memory:') keepPrivate(path);
    this.#db = new DatabaseSync(path, { readOnly: options.readOnly ?? false });
    try {
      this.patient(true);
      if (options.readOnly) {
        requireVersion(this.#db);
        return;
      }
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      migrate(this.#db);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }

  /** Whether a statement waits when another program has the index locked; nothing else goes on in this process meanwhile. */
  patient(yes: boolean): void {
    this.#db.exec(`PRAGMA busy_timeout = ${yes ? busyMs : 0}`);
  }

  /** All or nothing; calls may nest. */
  transaction(work: () => void): void {
    if (this.#db.isTransaction) {
      work();
      return;
    }
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  #statement(sql: string): StatementSync {
    const found = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, found);
    return found;
  }
}

/** When and where people were seen is for the server's account alone; SQLite gives its other files the mode of this one. */
function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  for (const end of ['', '-wal', '-shm']) {
    const file = `${path}${end}`;
    if (existsSync(file) && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}
