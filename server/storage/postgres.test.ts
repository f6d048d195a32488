import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/support/database.ts';
import { type IncidentBench, openIncidentBench, person } from '../../test/support/supervision.ts';
import { Accounts } from '../access/accounts.ts';
import { AuditLog } from '../access/audit-log.ts';
import { Sessions } from '../access/sessions.ts';
import { createIncidentRequest } from '../contracts/incidents.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { silentLogger as log } from '../platform/log.ts';
import { type Database, openDatabase } from './database.ts';
import { type IncidentChange, type IncidentRow, IncidentStore } from './incident.store.ts';
import { StorePool } from './postgres-pool.ts';

/** What only a database with many connections can get wrong. */
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
const by = { actor: 'system', address: '' } as const;

/** Two servers on one database. */
let one: TemporaryDatabase;
let other: Database;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  one = await temporaryDatabase();
  other = await openDatabase({ ...one.place, log });
  opened.push(one, other);
});

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function withConnections(connections: number): Promise<Database> {
  if (!('postgres' in one.place)) throw new Error('these are tests of PostgreSQL');
  const database = await openDatabase({ postgres: { ...one.place.postgres, connections }, log });
  opened.push(database);
  return database;
}

/** A session that is none of the program's. */
async function stranger(): Promise<pg.Client> {
  if (!('postgres' in one.place)) throw new Error('these are tests of PostgreSQL');
  const client = new pg.Client({ connectionString: one.place.postgres.url });
  await client.connect();
  opened.push({ close: () => client.end() });
  return client;
}

test('every text column compares bytewise, though the database sorts as people do', async () => {
  const { rows } = await sql<{ name: string }>`
    select c.relname || '.' || a.attname || ' ' || t.typname as name
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      join pg_type t on t.oid = a.atttypid
      left join pg_collation o on o.oid = a.attcollation
     where a.attnum > 0 and not a.attisdropped
       and ((a.attcollation <> 0 and o.collname <> 'C') or t.typname not in ('text', 'int4', 'int8', 'float8'))`.execute(
    one.kysely,
  );
  expect(rows).toEqual([]);
  const { rows: plain } = await sql<{ bytewise: number }>`select 'Z' < 'a' as bytewise`.execute(one.kysely);
  expect(plain).toEqual([{ bytewise: 0 }]);
});

describe('two servers at once', () => {
  test('no two entries of the audit log follow the same one', async () => {
    const logs = [one, other].map((database) => new AuditLog({ database, clock }));
    const add = (n: number) => logs[n % 2]!.append({ actor: 'system', action: 'x.y', subject: `x:${n}` });
    await Promise.all(Array.from({ length: 60 }, (_, n) => add(n)));
    expect(await logs[0]!.verify()).toEqual({ ok: true, entries: 60, firstBroken: null });
  });

  test('two administrators who disable each other do not leave the city without one', async () => {
    const [first, second] = [one, other].map((database) => {
      const audit = new AuditLog({ database, clock });
      return new Accounts({ database, audit, clock, sessions: new Sessions({ database, audit, clock, log }) });
    });
    for (const id of ['a', 'b']) {
      await one.kysely
        .insertInto('accounts')
        .values({ ...account, id, username: id, role: 'admin' })
        .execute();
    }
    const results = await Promise.allSettled([
      first!.patch('a', { disabled: true }, by),
      second!.patch('b', { disabled: true }, by),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: { code: 'last_admin' } });
  });

  describe('on cases', () => {
    let bench: IncidentBench;
    let stores: IncidentStore[];
    let id: string;

    beforeEach(async () => {
      bench = await openIncidentBench();
      opened.push(bench);
      const second = await openDatabase({ ...bench.database.place, log });
      opened.push(second);
      stores = [bench.store, new IncidentStore(second.kysely)];
      const { nowMs } = bench;
      const moment = { fromMs: nowMs - 60_000, toMs: nowMs, note: '' };
      const request = createIncidentRequest.parse({ cameraId: 'cam-1', category: 'TN01', ...moment });
      ({ id } = await bench.incidents.create(person('leader'), request));
    });

    test('each gets a number of its own, and none is left out', async () => {
      const { number: _n, search_text: _s, ...row } = (await bench.store.find(id)) as IncidentRow;
      const [entry] = await bench.store.entries(id);
      const create = (n: number) => {
        const other = newId();
        const numbered = (last: number) => ({ number: String(last), search_text: '' });
        const first = { ...entry!, incident_id: other };
        return stores[n % 2]!.create({ ...row, id: other }, first, 2026, numbered, async () => {});
      };
      const made = await Promise.all(Array.from({ length: 20 }, (_, n) => create(n)));
      expect(made.map(({ number }) => Number(number)).sort((x, y) => x - y)).toEqual(
        Array.from({ length: 20 }, (_, n) => n + 2),
      );
    });

    test('of several steps from the same version one wins, and only its entry stays', async () => {
      const [entry] = await bench.store.entries(id);
      const change = { state: 'verifying' } as unknown as IncidentChange;
      const step = (n: number) =>
        stores[n % 2]!.advance(id, 1, change, { ...entry!, seq: 2, reason: String(n) }, async () => {});
      const won = await Promise.all(Array.from({ length: 8 }, (_, n) => step(n)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await bench.store.entries(id)).map(({ reason }) => reason)[1]).toBe(String(won.indexOf(true)));
      expect(await bench.store.find(id)).toMatchObject({ version: 2, state: 'verifying' });
    });
  });
});

test('a transaction that gave way in a deadlock is done again, wholly', async () => {
  for (const id of ['x', 'y']) {
    await one.kysely
      .insertInto('accounts')
      .values({ ...account, id, username: id })
      .execute();
  }
  const client = await stranger();
  await client.query(`set deadlock_timeout = '60s'; begin; update accounts set name = 'theirs' where id = 'y'`);
  let theirs: Promise<unknown> | undefined;
  const names: string[] = [];
  await one.kysely.transaction().execute(async (trx) => {
    const rename = (id: string) =>
      trx.updateTable('accounts').set({ name: 'ours' }).where('id', '=', id).returning('name').executeTakeFirst();
    names.push((await rename('x'))?.name ?? '');
    theirs ??= client.query(`update accounts set name = 'theirs' where id = 'x'; commit`);
    names.push((await rename('y'))?.name ?? '');
  });
  await theirs;
  // Once up to the deadlock, and then from the beginning.
  expect(names.length).toBeGreaterThanOrEqual(3);
  const rows = await one.kysely.selectFrom('accounts').select('name').execute();
  expect(rows).toEqual([{ name: 'ours' }, { name: 'ours' }]);
});

test('transactions that wait for their turn keep no connection from readers', async () => {
  const database = await withConnections(2);
  const hold = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const holding = other.kysely.transaction().execute(async () => {
    begun.resolve();
    await hold.promise;
  });
  await begun.promise;
  const done: number[] = [];
  const waiting = Array.from({ length: 8 }, (_, n) =>
    database.kysely.transaction().execute(async () => {
      done.push(n);
    }),
  );
  expect(await database.kysely.selectFrom('accounts').selectAll().execute()).toEqual([]);
  expect(done).toEqual([]);
  hold.resolve();
  await Promise.all([holding, ...waiting]);
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('there are never more connections than the configuration says', async () => {
  const { kysely } = await withConnections(3);
  const pids = await Promise.all(
    Array.from({ length: 20 }, () => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(kysely)),
  );
  expect(new Set(pids.map(({ rows }) => rows[0]?.pid)).size).toBeLessThanOrEqual(3);
});

test('who waits in vain for a connection may try again', async () => {
  if (!('postgres' in one.place)) throw new Error('these are tests of PostgreSQL');
  const settings = { connectionString: one.place.postgres.url, max: 1, connectionTimeoutMillis: 200 };
  const pool = new StorePool(settings, log);
  opened.push({ close: () => pool.end() });
  const taken = await pool.connect();
  await expect(pool.connect()).rejects.toMatchObject({ kind: 'unavailable', code: 'database_busy', retry: true });
  taken.release();
  (await pool.connect()).release();
});

test('a statement that takes too long is ended, and may be tried again', async () => {
  await one.kysely.connection().execute(async (connection) => {
    const { rows } = await sql<{ limit: string }>`select current_setting('statement_timeout') as limit`.execute(
      connection,
    );
    expect(rows).toEqual([{ limit: '30s' }]);
    await sql`set statement_timeout = 20`.execute(connection);
    const slow = sql`select pg_sleep(60)`.execute(connection);
    await expect(slow).rejects.toMatchObject({ kind: 'unavailable', code: 'database_busy', retry: true });
    await sql`reset statement_timeout`.execute(connection);
  });
});

test('a connection that is cut inside a transaction leaves nothing of it, and the next statement gets another', async () => {
  const client = await stranger();
  const cut = one.kysely.transaction().execute(async (trx) => {
    await trx.insertInto('accounts').values(account).execute();
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
    await client.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await trx.selectFrom('accounts').selectAll().execute();
  });
  await expect(cut).rejects.toMatchObject({ kind: 'unavailable', code: 'database_unavailable', retry: true });
  expect(await one.kysely.selectFrom('accounts').selectAll().execute()).toEqual([]);
});

test('a text with U+0000 is refused as what was sent, not as a defect', async () => {
  const insert = one.kysely.insertInto('accounts').values({ ...account, name: 'a\0b' });
  await expect(insert.execute()).rejects.toMatchObject({ kind: 'invalid', code: 'text_invalid' });
});

test('an integer that a number cannot hold is refused instead of losing digits', async () => {
  await expect(sql`select 9007199254740993::bigint as n`.execute(one.kysely)).rejects.toThrow(RangeError);
});
