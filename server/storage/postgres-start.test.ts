import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseServer, emptyPlace, type TemporaryPlace } from '../../test/support/database.ts';
import { execute, guarded, PostgresServer } from '../../test/support/postgres.ts';
import { until } from '../../test/support/until.ts';
import { silentLogger as log } from '../platform/log.ts';
import { openDatabase } from './database.ts';
import { unfitServer } from './postgres.ts';

const server = process.env[databaseServer] ?? '';
let temporary: TemporaryPlace;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-password-'));
  temporary = await emptyPlace();
});

afterAll(async () => {
  await temporary.remove();
  rmSync(folder, { recursive: true });
});

const open = (url: string, passwordFile = '') => openDatabase({ postgres: { url, passwordFile, connections: 2 }, log });
const ofGuarded = () => {
  if (!('postgres' in temporary.place)) throw new Error('these are tests of PostgreSQL');
  const url = new URL(temporary.place.postgres.url.replace('@/', '@socket/'));
  url.username = guarded.user;
  return url.href.replace('@socket/', '@/');
};
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('the password comes from a file', async () => {
  const database = await open(ofGuarded(), file('right', `${guarded.password}\n`));
  expect(await database.kysely.selectFrom('accounts').selectAll().execute()).toEqual([]);
  await database.close();
});

test('a password that is wrong or missing is told as such, and stands in no message', async () => {
  const refused = await open(ofGuarded(), file('wrong', 'không phải')).catch((error) => error);
  expect(refused).toMatchObject({ code: 'database_credentials_refused', retry: false });
  expect(JSON.stringify([refused, refused.params, String(refused), String(refused.cause)])).not.toMatch(/không|kh%/);
  await expect(open(ofGuarded())).rejects.toMatchObject({ code: 'database_credentials_refused' });
  await expect(open(ofGuarded(), join(folder, 'none'))).rejects.toMatchObject({
    code: 'database_password_unreadable',
    params: { path: join(folder, 'none') },
  });
});

test('a server that cannot be reached and a database that is not there are told apart', async () => {
  await expect(open('postgres://lienthong@127.0.0.1:1/city')).rejects.toMatchObject({
    code: 'database_unreachable',
    params: { database: 'lienthong@127.0.0.1:1/city' },
  });
  await expect(open(server.replace('/postgres?', '/nowhere?'))).rejects.toMatchObject({ code: 'database_unknown' });
  await expect(open('postgres://[')).rejects.toMatchObject({ code: 'database_unreachable' });
});

test('a database of another encoding is refused before anything is written into it', async () => {
  await execute(server, `create database latin template template0 encoding 'LATIN1' locale 'C'`);
  const url = server.replace('/postgres?', '/latin?');
  await expect(open(url)).rejects.toMatchObject({
    code: 'database_encoding_unsupported',
    params: { encoding: 'LATIN1' },
  });
  await expect(execute(url, 'select 1 from schema_migrations')).rejects.toThrow('does not exist');
  await execute(server, 'drop database latin');
});

test.each([
  ['13.22 (Debian 13.22-0+deb11u1)', 'UTF8', 'database_version_unsupported'],
  ['9.6.24', 'UTF8', 'database_version_unsupported'],
  ['14.0', 'UTF8', null],
  ['18beta1', 'UTF8', null],
  ['15.18', 'SQL_ASCII', 'database_encoding_unsupported'],
])('a server of version %s with %s: %s', (version, encoding, code) => {
  expect(unfitServer(version, encoding)).toBe(code);
});

test('while the server is away statements fail with a retry, and they work again when it is back', async () => {
  const own = await PostgresServer.start();
  const lines: string[] = [];
  const heard = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line).msg) });
  try {
    const postgres = { url: own.url('postgres'), passwordFile: '', connections: 4 };
    const { kysely, close } = await openDatabase({ postgres, log: heard });
    const read = () => kysely.selectFrom('accounts').selectAll().execute();
    const write = () => kysely.transaction().execute((trx) => trx.deleteFrom('setup_tokens').execute());
    await Promise.all([read(), read(), write()]);
    await own.pause();
    const away = { kind: 'unavailable', code: 'database_unavailable', retry: true };
    for (const work of [read, write, read, write]) await expect(work()).rejects.toMatchObject(away);
    await own.resume();
    await until(() => Promise.all([read(), write()]).then(() => true));
    const told = lines.filter((line) => line.startsWith('the database '));
    expect(told.filter((line) => line.includes('does not answer'))).toHaveLength(1);
    expect(told.at(-1)).toBe('the database answers again');
    await own.pause();
    await close();
  } finally {
    await own.close();
  }
});
