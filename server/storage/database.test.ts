import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger as log } from '../platform/log.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

const run = promisify(execFile);
let folder: string;
let sqlitePath: string;
const opened: Database[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-db-'));
  sqlitePath = join(folder, 'state', 'supervision.sqlite');
});

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Database> {
  const database = await openDatabase({ sqlitePath, log });
  opened.push(database);
  return database;
}

const account = {
  id: 'u1',
  username: 'lan',
  name: 'Lê Thị Lan',
  role: 'leader',
  unit_id: null,
  password_hash: 'x',
  disabled: 0,
  created_at_ms: 1_764_000_000_000,
  last_sign_in_ms: null,
} as const;

test('what was written is there after closing and opening again', async () => {
  const first = await openDatabase({ sqlitePath, log });
  await first.kysely.insertInto('accounts').values(account).execute();
  await first.close();
  const second = await open();
  expect(await second.kysely.selectFrom('accounts').selectAll().execute()).toEqual([account]);
});

test('the file can be read by its owner only', async () => {
  const database = await open();
  await database.kysely.insertInto('accounts').values(account).execute();
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(sqlitePath + suffix).mode & 0o777).toBe(0o600);
});

test('the journal is WAL, commits are synced to the disk, and foreign keys are held', async () => {
  const { kysely } = await open();
  const pragma = async (name: string) =>
    Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(kysely)).rows[0] ?? {})[0];
  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('foreign_keys')).toBe(1);
});

test('every migration is recorded once, in order', async () => {
  await (await openDatabase({ sqlitePath, log })).close();
  await open();
  const raw = new DatabaseSync(sqlitePath);
  const names = raw.prepare('select name from schema_migrations order by name').all();
  raw.close();
  expect(names.map((row) => row.name)).toEqual(migrations.map((migration) => migration.name));
  expect(migrations.map((migration) => migration.name)).toEqual(migrations.map((m) => m.name).sort());
});

test('a migration that fails leaves nothing of itself behind', async () => {
  const { kysely } = await open();
  const broken: Migration = {
    name: '9000_broken',
    async up(db) {
      await db.schema.createTable('half_done').addColumn('id', 'text').execute();
      throw new Error('no');
    },
  };
  await expect(migrate(kysely, log, [...migrations, broken])).rejects.toMatchObject({
    code: 'migration_failed',
    params: { migration: '9000_broken' },
  });
  const tables = await kysely.introspection.getTables();
  expect(tables.map((table) => table.name)).not.toContain('half_done');
  await migrate(kysely, log, migrations);
});

test('processes that start together on a new database run each migration once', async () => {
  const program = `
    import { openDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)};
    import { silentLogger as log } from ${JSON.stringify(new URL('../platform/log.ts', import.meta.url).href)};
    const database = await openDatabase({ sqlitePath: ${JSON.stringify(sqlitePath)}, log });
    await database.close();
  `;
  const start = () => run(process.execPath, ['--input-type=module', '--eval', program]);
  await Promise.all([start(), start(), start(), start()]);
  const { kysely } = await open();
  const rows = await sql.raw<{ name: string }>('select name from schema_migrations').execute(kysely);
  expect(rows.rows.map((row) => row.name).sort()).toEqual(migrations.map((migration) => migration.name));
});

test('a migration that another process has run meanwhile is not run again', async () => {
  const { kysely } = await open();
  let runs = 0;
  const first: Migration = { name: '8000_first', up: async () => {} };
  const late: Migration = {
    name: '9000_late',
    async up() {
      runs += 1;
    },
  };
  // The list of what has been run was read before the first step; the other process runs the second one right after it.
  const meanwhile = Object.assign(Object.create(log), {
    info() {
      const other = new DatabaseSync(sqlitePath);
      other.exec(`insert or ignore into schema_migrations values ('9000_late', 0)`);
      other.close();
    },
  });
  await migrate(kysely, meanwhile, [...migrations, first, late]);
  expect(runs).toBe(0);
});

test('a database that a newer program has changed is refused', async () => {
  const { kysely } = await open();
  await migrate(kysely, log, [...migrations, { name: '9999_future', up: async () => {} }]);
  await expect(openDatabase({ sqlitePath, log })).rejects.toMatchObject({
    code: 'database_newer',
    params: { migrations: '9999_future' },
  });
});

test('a file that is no database is refused and left as it is', async () => {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'these are notes, and there are more than a few of them '.repeat(40));
  await expect(openDatabase({ sqlitePath: path, log })).rejects.toMatchObject({ code: 'database_unopenable' });
  expect(statSync(path).size).toBe(55 * 40);
});

test('transactions take turns, and one that fails is rolled back wholly', async () => {
  const { kysely } = await open();
  const add = (id: string, fails: boolean) =>
    kysely.transaction().execute(async (trx) => {
      await trx
        .insertInto('accounts')
        .values({ ...account, id, username: id })
        .execute();
      await new Promise((resolve) => setImmediate(resolve));
      if (fails) throw new Error('changed my mind');
    });
  const results = await Promise.allSettled([add('a', false), add('b', true), add('c', false)]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const rows = await kysely.selectFrom('accounts').select('id').orderBy('id').execute();
  expect(rows.map((row) => row.id)).toEqual(['a', 'c']);
});

test('whatever is no column value is refused instead of being stored as text', async () => {
  const { kysely } = await open();
  const values = { ...account, name: { toString: () => 'x' } as unknown as string };
  await expect(kysely.insertInto('accounts').values(values).execute()).rejects.toThrow(TypeError);
});
