import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyPlace, type TemporaryPlace } from '../../test/support/database.ts';
import { silentLogger as log } from '../platform/log.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

const run = promisify(execFile);
let temporary: TemporaryPlace;
const opened: Database[] = [];

beforeEach(async () => {
  temporary = await emptyPlace();
});

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  await temporary.remove();
});

async function open(): Promise<Database> {
  const database = await openDatabase({ ...temporary.place, log });
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
  const first = await openDatabase({ ...temporary.place, log });
  await first.kysely.insertInto('accounts').values(account).execute();
  await first.close();
  const second = await open();
  expect(await second.kysely.selectFrom('accounts').selectAll().execute()).toEqual([account]);
});

test('every migration is recorded once, in order', async () => {
  await (await openDatabase({ ...temporary.place, log })).close();
  const { kysely } = await open();
  const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(kysely);
  expect(rows.map((row) => row.name)).toEqual(migrations.map((migration) => migration.name));
  expect(migrations.map((migration) => migration.name)).toEqual(migrations.map((m) => m.name).sort());
});

test('a migration that fails leaves nothing of itself behind, and what was there stays', async () => {
  const { kysely } = await open();
  await kysely.insertInto('accounts').values(account).execute();
  const broken: Migration = {
    name: '9000_broken',
    async up(db) {
      await db.schema.createTable('half_done').addColumn('id', 'text').execute();
      await sql`delete from accounts`.execute(db);
      throw new Error('no');
    },
  };
  await expect(migrate(kysely, log, [...migrations, broken])).rejects.toMatchObject({
    code: 'migration_failed',
    params: { migration: '9000_broken' },
  });
  const tables = await kysely.introspection.getTables();
  expect(tables.map((table) => table.name)).not.toContain('half_done');
  expect(await kysely.selectFrom('accounts').selectAll().execute()).toEqual([account]);
  await migrate(kysely, log, migrations);
});

test('processes that start together on a new database run each migration once', async () => {
  const program = `
    import { openDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)};
    import { silentLogger as log } from ${JSON.stringify(new URL('../platform/log.ts', import.meta.url).href)};
    const database = await openDatabase({ ...${JSON.stringify(temporary.place)}, log });
    await database.close();
  `;
  const start = () => run(process.execPath, ['--input-type=module', '--eval', program]);
  await Promise.all([start(), start(), start(), start()]);
  const { kysely } = await open();
  const rows = await sql.raw<{ name: string }>('select name from schema_migrations').execute(kysely);
  expect(rows.rows.map((row) => row.name).sort()).toEqual(migrations.map((migration) => migration.name));
});

test('a migration that another server has run meanwhile is not run again', async () => {
  const { kysely } = await open();
  let runs = 0;
  // The list of what has been run was read before the first step; what that commits is there when the second one begins.
  const first: Migration = {
    name: '8000_first',
    async up(db) {
      await sql`insert into schema_migrations values ('9000_late', 0)`.execute(db);
    },
  };
  const late: Migration = {
    name: '9000_late',
    async up() {
      runs += 1;
    },
  };
  await migrate(kysely, log, [...migrations, first, late]);
  expect(runs).toBe(0);
});

test('a database that a newer program has changed is refused', async () => {
  const { kysely } = await open();
  await migrate(kysely, log, [...migrations, { name: '9999_future', up: async () => {} }]);
  await expect(openDatabase({ ...temporary.place, log })).rejects.toMatchObject({
    code: 'database_newer',
    params: { migrations: '9999_future' },
  });
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

test('columns give numbers, and truth is 0 or 1', async () => {
  const { kysely } = await open();
  await kysely.insertInto('accounts').values(account).execute();
  const row = await kysely
    .selectFrom('accounts')
    .select((eb) => [
      'created_at_ms',
      eb.fn.countAll<number>().as('count'),
      eb.fn.sum<number>('created_at_ms').as('sum'),
      eb.fn.max('last_sign_in_ms').as('latest'),
      eb.exists(eb.selectFrom('accounts').select('id')).as('any'),
    ])
    .groupBy('created_at_ms')
    .executeTakeFirst();
  expect(row).toEqual({
    created_at_ms: account.created_at_ms,
    count: 1,
    sum: account.created_at_ms,
    latest: null,
    any: 1,
  });
  expect(typeof row?.sum).toBe('number');
});

test('text is compared and sorted by its bytes', async () => {
  const { kysely } = await open();
  const names = ['B', 'a', 'Z', 'à', 'b', 'Đ', 'đ', '_', 'A', '-', 'z'];
  for (const name of names) {
    await kysely
      .insertInto('accounts')
      .values({ ...account, id: name, username: name })
      .execute();
  }
  const byBytes = names.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
  const rows = await kysely.selectFrom('accounts').select('id').orderBy('id').execute();
  expect(rows.map((row) => row.id)).toEqual(byBytes);
  const after = await kysely.selectFrom('accounts').select('id').where('id', '>', 'Z').orderBy('id').execute();
  expect(after.map((row) => row.id)).toEqual(byBytes.slice(byBytes.indexOf('Z') + 1));
});

test('how many rows a statement has changed is told', async () => {
  const { kysely } = await open();
  const insert = kysely.insertInto('accounts').values(account);
  const ignoring = insert.onConflict((conflict) => conflict.column('username').doNothing());
  expect((await ignoring.executeTakeFirst()).numInsertedOrUpdatedRows).toBe(1n);
  expect((await ignoring.executeTakeFirst()).numInsertedOrUpdatedRows).toBe(0n);
  expect((await kysely.updateTable('accounts').set({ disabled: 1 }).executeTakeFirst()).numUpdatedRows).toBe(1n);
  expect((await kysely.deleteFrom('accounts').executeTakeFirst()).numDeletedRows).toBe(1n);
  expect((await kysely.deleteFrom('accounts').executeTakeFirst()).numDeletedRows).toBe(0n);
});
