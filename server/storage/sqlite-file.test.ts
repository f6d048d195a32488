import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger as log } from '../platform/log.ts';
import { openDatabase } from './database.ts';

let folder: string;
let sqlitePath: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-db-'));
  sqlitePath = join(folder, 'state', 'supervision.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the file can be read by its owner only', async () => {
  const database = await openDatabase({ sqlitePath, log });
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(sqlitePath + suffix).mode & 0o777).toBe(0o600);
  await database.close();
});

test('the journal is WAL, commits are synced to the disk, and foreign keys are held', async () => {
  const { kysely, close } = await openDatabase({ sqlitePath, log });
  const pragma = async (name: string) =>
    Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(kysely)).rows[0] ?? {})[0];
  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('foreign_keys')).toBe(1);
  await close();
});

test('a file that is no database is refused and left as it is', async () => {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'these are notes, and there are more than a few of them '.repeat(40));
  await expect(openDatabase({ sqlitePath: path, log })).rejects.toMatchObject({ code: 'database_unopenable' });
  expect(statSync(path).size).toBe(55 * 40);
});
