import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../server/platform/log.ts';
import { type Database, type DatabasePlace, openDatabase } from '../../server/storage/database.ts';
import { execute } from './postgres.ts';

export interface TemporaryDatabase extends Database {
  /** For another process, or to be opened once more. */
  place: DatabasePlace;
}

/** Names the variable with the address of a PostgreSQL server: set in the vitest project `postgres`. */
export const databaseServer = 'LIENTHONG_TEST_POSTGRES';
/** Names the variable with what makes a used database as it was after its migrations. */
export const databaseEmptying = 'LIENTHONG_TEST_POSTGRES_EMPTYING';
export const templateDatabase = 'lienthong_template';

/**
 * A database of its own, which goes when it is closed: a SQLite file, or, in the vitest project `postgres`, a database of its server.
 */
export async function temporaryDatabase(): Promise<TemporaryDatabase> {
  const server = process.env[databaseServer];
  const { place, remove } = server === undefined ? temporaryFile() : await copyOfTemplate(server);
  const database = await openDatabase({ ...place, log: silentLogger });
  return {
    ...database,
    place,
    async close() {
      await database.close();
      await remove();
    },
  };
}

interface TemporaryPlace {
  place: DatabasePlace;
  remove(): Promise<void>;
}

function temporaryFile(): TemporaryPlace {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-db-'));
  return {
    place: { sqlitePath: join(folder, 'supervision.sqlite') },
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

/** Of this process, emptied again. A copy of the template takes ten times as long as emptying one. */
const free: string[] = [];
let copies = 0;

async function copyOfTemplate(server: string): Promise<TemporaryPlace> {
  const name = free.pop() ?? (await newCopy(server));
  const url = server.replace('/postgres?', `/${name}?`);
  return {
    place: { postgres: { url, passwordFile: '', connections: 10 } },
    async remove() {
      await execute(url, process.env[databaseEmptying] ?? '');
      free.push(name);
    },
  };
}

async function newCopy(server: string): Promise<string> {
  copies += 1;
  const name = `test_${process.pid}_${copies}`;
  await execute(server, `create database ${name} template ${templateDatabase} strategy file_copy`);
  return name;
}
