import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../platform/log.ts';
import { incidentWorkflow } from './migrations/0011_incident_workflow.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';

/** What the step needs of the tables of before. */
const before = [
  `create table incidents (id text primary key, number text, version integer, state text, note text, updated_at_ms bigint, sent_at_ms bigint,
    search_text text, to_ms bigint, created_at_ms bigint)`,
  'create table incident_entries (incident_id text, seq integer, step text, actor_id text)',
  `insert into incidents values ('a', 'VV-1', 3, 'concluded', 'quầy trống', 30, 30, 'vv-1 quay trong', 5, 1), ('b', 'VV-2', 2, 'verifying', 'x', 20, null, 'vv-2 x', 5, 1),
    ('c', 'VV-3', 2, 'no_violation', 'y', 25, null, 'vv-3 y', 5, 1)`,
  `insert into incident_entries values ('a', 1, 'flag', 'anna'), ('a', 2, 'verify', 'anna'), ('a', 3, 'conclude', 'binh')`,
];

test('cases of before the right of reply keep what their units were told, and have ended where they had', async () => {
  const kysely = new Kysely<unknown>({ dialect: nodeSqliteDialect(new DatabaseSync(':memory:'), silentLogger) });
  for (const statement of before) await sql.raw(statement).execute(kysely);
  await incidentWorkflow.up(kysely);
  const { rows } =
    await sql`select id, state, finding, unit_search_text, concluded_by_id, closed_at_ms, unit_version, footage_told
    from incidents order by id`.execute(kysely);
  await kysely.destroy();
  const plain = rows.map((row) => Object.values(row as object));
  expect(plain).toEqual([
    ['a', 'closed', 'quầy trống', 'vv-1 quay trong', 'binh', 30, 3, 1],
    ['b', 'verifying', null, '', null, null, 2, 1],
    ['c', 'no_violation', null, '', null, 25, 2, 1],
  ]);
});
