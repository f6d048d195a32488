import { sql } from 'kysely';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { silentLogger } from '../../server/platform/log.ts';
import { type Database, openDatabase } from '../../server/storage/database.ts';
import { databaseEmptying, databaseServer, templateDatabase } from './database.ts';
import { PostgresServer } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Environment of the tests that run against PostgreSQL. */
    postgresEnvironment: Record<string, string>;
  }
}

/**
 * One server for all tests of the project `postgres`, with a template that every test's database is copied from. Its order of texts is not
 * bytewise where the server can have it so: columns that rely on the order of the database are found out.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await PostgresServer.start();
  try {
    await server.execute(
      'postgres',
      `create database ${templateDatabase} template template0 locale_provider icu icu_locale 'vi' locale 'C'`,
    );
    const postgres = { url: server.url(templateDatabase), passwordFile: '', connections: 2 };
    const database = await openDatabase({ postgres, log: silentLogger });
    const emptying = await emptyingOf(database).finally(() => database.close());
    project.provide('postgresEnvironment', {
      [databaseServer]: server.url('postgres'),
      [databaseEmptying]: emptying,
    });
  } catch (error) {
    await server.close();
    throw error;
  }
  return () => server.close();
}

/** Statements that delete every row and put back those that the migrations wrote. */
async function emptyingOf({ kysely }: Database): Promise<string> {
  const tables = (await kysely.introspection.getTables()).filter(({ name }) => name !== 'schema_migrations');
  const statements = tables.map(({ name }) => `delete from ${pg.escapeIdentifier(name)}`);
  for (const { name } of tables) {
    const { rows } = await sql<{ rows: string | null }>`
      select json_agg(t)::text as rows from ${sql.table(name)} t`.execute(kysely);
    const written = rows[0]?.rows;
    if (!written) continue;
    const table = pg.escapeIdentifier(name);
    statements.push(
      `insert into ${table} select * from json_populate_recordset(null::${table}, ${pg.escapeLiteral(written)})`,
    );
  }
  // Without looking after foreign keys, so that the order of the tables does not matter.
  return ['set session_replication_role = replica', ...statements].join(';');
}
