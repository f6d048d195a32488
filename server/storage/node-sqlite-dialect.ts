import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';
import type { Logger } from '../platform/log.ts';
import { bindable } from './column-value.ts';

/** Enough for every statement of the program; those that list values (`in (…)`) come and go. */
const maxStatements = 300;

/**
 * Kysely's SQLite dialect over `node:sqlite`: it asks for an object shaped like better-sqlite3's, and this is the difference.
 * Statements are kept prepared. Integers beyond 2^53 throw on reading instead of losing digits.
 */
export function nodeSqliteDialect(sqlite: DatabaseSync, log: Logger): SqliteDialect {
  const statements = new Map<string, PreparedStatement>();
  return new SqliteDialect({
    database: {
      close() {
        statements.clear();
        try {
          sqlite.exec('pragma optimize');
        } catch (error) {
          log.warn({ err: error }, 'the database could not refresh its statistics');
        }
        sqlite.close();
      },
      prepare(sql) {
        const known = statements.get(sql);
        if (known !== undefined) {
          statements.delete(sql);
          statements.set(sql, known);
          return known;
        }
        const statement = new PreparedStatement(sqlite.prepare(sql));
        statements.set(sql, statement);
        if (statements.size > maxStatements) {
          const oldest = statements.keys().next();
          if (!oldest.done) statements.delete(oldest.value);
        }
        return statement;
      },
    },
  });
}

class PreparedStatement {
  readonly reader: boolean;
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    this.reader = statement.columns().length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...parameters.map(bindable));
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...parameters.map(bindable));
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...parameters.map(bindable));
  }
}
