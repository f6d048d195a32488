import type { Kysely } from 'kysely';
import { systemClock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import type { Schema } from './schema.ts';

type MigrationTable = {
  schema_migrations: { name: string; applied_at_ms: number };
};

/**
 * Brings the schema up to date, each step in a transaction together with its record, so that a step is done wholly or not
 * at all, and only once when two processes start together. (Kysely's own migrator uses no transactions on SQLite.)
 * Errors: `database_newer` when a later program has changed the schema; `migration_failed`, with the step in its params.
 */
export async function migrate(
  db: Kysely<Schema>,
  log: Logger,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  const kysely = db.$extendTables<MigrationTable>();
  // In a transaction too: on PostgreSQL two who create a table at once fail, even if they would take one that is there.
  await kysely.transaction().execute(async (trx) => {
    await trx.schema
      .createTable('schema_migrations')
      .ifNotExists()
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('applied_at_ms', 'bigint', (c) => c.notNull())
      .execute();
  });

  const rows = await kysely.selectFrom('schema_migrations').select('name').orderBy('name').execute();
  const applied = new Set(rows.map((row) => row.name));
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new AppError('conflict', 'database_newer', { params: { migrations: unknown.join(', ') } });
  }

  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    try {
      await kysely.transaction().execute(async (trx) => {
        // The record comes first: it takes the write lock, and whoever waited for it finds the step already done.
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('schema_migrations')
          .values({ name: migration.name, applied_at_ms: systemClock.nowMs() })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 0n) return;
        await migration.up(trx as unknown as Kysely<unknown>);
      });
    } catch (error) {
      throw new AppError('internal', 'migration_failed', { cause: error, params: { migration: migration.name } });
    }
    log.info({ migration: migration.name }, 'the database schema was brought up to date');
  }
}
