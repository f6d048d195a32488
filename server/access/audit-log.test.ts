import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/support/database.ts';
import { type ManualClock, manualClock } from '../../test/support/manual-clock.ts';
import { auditEntry } from '../contracts/audit.ts';
import type { Actor } from './actor.ts';
import { AuditLog } from './audit-log.ts';

const lan: Actor = {
  userId: 'u1',
  username: 'lan',
  name: 'Lê Thị Lan',
  role: 'inspector',
  unitId: null,
  sessionId: 's1',
};

let database: TemporaryDatabase;
let clock: ManualClock;
let audit: AuditLog;

beforeEach(async () => {
  database = await temporaryDatabase();
  clock = manualClock();
  audit = new AuditLog({ database, clock });
});

afterEach(() => database.close());

async function fill(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    clock.advance(1000);
    await audit.append({
      actor: n % 3 === 0 ? 'system' : lan,
      action: n % 2 === 0 ? 'camera.changed' : 'incident.flagged',
      subject: `incident:${n}`,
      details: { n, note: 'quầy trống' },
      address: '10.0.0.7',
    });
  }
}

test('the hash of an entry is the SHA-256 of the documented text', async () => {
  const first = await audit.append({
    actor: lan,
    action: 'a.b',
    subject: 'x:1',
    details: { b: 1, a: 'ê' },
    address: '::1',
  });
  const second = await audit.append({ actor: 'system', action: 'c.d', subject: 'x:2' });
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const at = clock.nowMs();
  expect(first.hash).toBe(
    sha256(
      `{"action":"a.b","actorId":"u1","actorName":"Lê Thị Lan","actorRole":"inspector","address":"::1","atMs":${at},"details":{"a":"ê","b":1},"previous":"${'0'.repeat(64)}","seq":1,"subject":"x:1"}`,
    ),
  );
  expect(second.hash).toBe(
    sha256(
      `{"action":"c.d","actorId":null,"actorName":"system","actorRole":"system","address":"","atMs":${at},"details":{},"previous":"${first.hash}","seq":2,"subject":"x:2"}`,
    ),
  );
});

test('an untouched log verifies, also an empty one and one that is longer than a batch', async () => {
  expect(await audit.verify()).toEqual({ ok: true, entries: 0, firstBroken: null });
  await fill(3);
  expect(await audit.verify()).toEqual({ ok: true, entries: 3, firstBroken: null });
  await database.kysely.transaction().execute(async (trx) => {
    for (let n = 0; n < 1200; n += 1) await audit.append({ actor: lan, action: 'x.y', subject: '' }, trx);
  });
  expect(await audit.verify()).toEqual({ ok: true, entries: 1203, firstBroken: null });
});

test('entries that are added at once stand in one chain', async () => {
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => audit.append({ actor: lan, action: 'x.y', subject: `x:${n}` })),
  );
  expect(await audit.verify()).toEqual({ ok: true, entries: 50, firstBroken: null });
});

test('two processes that add at once keep one chain', async () => {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { openDatabase } from ${url('../storage/database.ts')};
    import { silentLogger as log } from ${url('../platform/log.ts')};
    import { systemClock as clock } from ${url('../platform/clock.ts')};
    import { AuditLog } from ${url('./audit-log.ts')};
    const database = await openDatabase({ ...${JSON.stringify(database.place)}, log });
    const audit = new AuditLog({ database, clock });
    for (let n = 0; n < 40; n += 1) await audit.append({ actor: 'system', action: 'x.y', subject: 'x:' + n });
    await database.close();
  `;
  const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  await Promise.all([start(), start()]);
  expect(await audit.verify()).toEqual({ ok: true, entries: 80, firstBroken: null });
});

test('the log can be verified while entries are added', async () => {
  await fill(30);
  const adding = fill(30);
  const found = await Promise.all([audit.verify(), audit.verify()]);
  await adding;
  for (const verification of found) expect(verification).toMatchObject({ ok: true, firstBroken: null });
});

test('an entry inside a transaction that fails is not there, and the chain goes on', async () => {
  await fill(1);
  const failing = database.kysely.transaction().execute(async (trx) => {
    await audit.append({ actor: lan, action: 'camera.deleted', subject: 'camera:1' }, trx);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await audit.append({ actor: lan, action: 'x.y', subject: '' });
  expect((await audit.list({ limit: 10 })).items.map((entry) => entry.action)).toEqual(['x.y', 'incident.flagged']);
  expect(await audit.verify()).toEqual({ ok: true, entries: 2, firstBroken: null });
});

describe('tampering with a log of six entries', () => {
  beforeEach(() => fill(6));

  const columns = {
    at_ms: 5,
    actor_id: 'u2',
    actor_name: 'Ai đó',
    actor_role: 'leader',
    action: 'incident.seen',
    subject: 'incident:99',
    details: '{"n":9}',
    address: '10.0.0.8',
    hash: 'f'.repeat(64),
  };
  const changes = Object.entries(columns).flatMap(([column, value]) =>
    [1, 2, 3, 4, 5, 6].map((seq) => [column, seq, value] as const),
  );

  test.each(changes)('a changed %s of entry %i is found', async (column, seq, value) => {
    await sql`update audit_log set ${sql.ref(column)} = ${value} where seq = ${seq}`.execute(database.kysely);
    expect(await audit.verify()).toEqual({ ok: false, entries: seq - 1, firstBroken: seq });
  });

  test.each(['{"n": 4,"note":"quầy trống"}', '{"note":"quầy trống","n":4}', 'no JSON', ''])(
    'details that are written otherwise are found, and do not keep the log from being read: %s',
    async (details) => {
      await sql`update audit_log set details = ${details} where seq = 4`.execute(database.kysely);
      expect(await audit.verify()).toEqual({ ok: false, entries: 3, firstBroken: 4 });
      expect((await audit.list({ limit: 10 })).items[2]).toMatchObject({ seq: 4, details: { unreadable: details } });
    },
  );

  test.each([1, 2, 3, 4, 5, 6])('a deleted entry %i is found, the last one too', async (seq) => {
    await sql`delete from audit_log where seq = ${seq}`.execute(database.kysely);
    expect(await audit.verify()).toEqual({ ok: false, entries: seq - 1, firstBroken: seq });
  });

  test('a deleted entry is found when the others are renumbered to close the gap', async () => {
    await sql`delete from audit_log where seq = 3`.execute(database.kysely);
    for (const seq of [4, 5, 6]) {
      await sql`update audit_log set seq = ${seq - 1} where seq = ${seq}`.execute(database.kysely);
    }
    expect(await audit.verify()).toEqual({ ok: false, entries: 2, firstBroken: 3 });
  });

  test.each([
    [1, 2],
    [2, 5],
    [5, 6],
  ])('entries %i and %i that changed places are found', async (a, b) => {
    await sql`update audit_log set seq = 1000 where seq = ${a}`.execute(database.kysely);
    await sql`update audit_log set seq = ${a} where seq = ${b}`.execute(database.kysely);
    await sql`update audit_log set seq = ${b} where seq = 1000`.execute(database.kysely);
    expect(await audit.verify()).toMatchObject({ ok: false, firstBroken: a });
  });

  test('an entry that was slipped in at the end is found', async () => {
    await sql`insert into audit_log select 7, at_ms, actor_id, actor_name, actor_role, action, subject, details, address, hash
      from audit_log where seq = 6`.execute(database.kysely);
    expect(await audit.verify()).toEqual({ ok: false, entries: 6, firstBroken: 7 });
  });

  test('a log that was emptied is found', async () => {
    await sql`delete from audit_log`.execute(database.kysely);
    expect(await audit.verify()).toEqual({ ok: false, entries: 0, firstBroken: 1 });
  });

  test('a record of the newest entry that is gone is found', async () => {
    await sql`delete from audit_head`.execute(database.kysely);
    expect(await audit.verify()).toEqual({ ok: false, entries: 6, firstBroken: 7 });
  });
});

test('the list is newest first, pages by cursor and filters by action', async () => {
  await fill(7);
  const first = await audit.list({ limit: 3 });
  expect(first.items.map((entry) => entry.seq)).toEqual([7, 6, 5]);
  const second = await audit.list({ limit: 3, cursor: first.next! });
  expect(second.items.map((entry) => entry.seq)).toEqual([4, 3, 2]);
  const third = await audit.list({ limit: 3, cursor: second.next! });
  expect(third.items.map((entry) => entry.seq)).toEqual([1]);
  expect(third.next).toBeNull();
  const changed = await audit.list({ limit: 10, action: 'camera.changed' });
  expect(changed.items.map((entry) => entry.seq)).toEqual([6, 4, 2]);
  for (const entry of first.items) expect(auditEntry.parse(entry)).toEqual(entry);
});

test.each(['x', '-1', '0', '1;drop', '9'.repeat(40)])('a cursor that no list gave is refused: %s', async (cursor) => {
  await expect(audit.list({ limit: 3, cursor })).rejects.toMatchObject({ kind: 'invalid', code: 'cursor_invalid' });
});

test('a secret in the details is censored before it is hashed and stored', async () => {
  const details = {
    name: 'Cổng',
    password: 'hunter2',
    device: { authToken: 'abc', list: [{ secret: 'x' }] },
    passwordSet: true,
  };
  const entry = await audit.append({ actor: lan, action: 'camera.created', subject: 'camera:1', details });
  expect(entry.details).toEqual({
    name: 'Cổng',
    password: '[hidden]',
    device: { authToken: '[hidden]', list: [{ secret: '[hidden]' }] },
    passwordSet: true,
  });
});

test('half characters and zero bytes in a name do not make the chain seem broken', async () => {
  const odd = { ...lan, name: 'a\ud800b\0c' };
  await audit.append({
    actor: odd,
    action: 'x.y',
    subject: 's\0\udc00',
    details: { s: '\ud800\0' },
    address: '\ud800',
  });
  expect(await audit.verify()).toEqual({ ok: true, entries: 1, firstBroken: null });
});
