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

export interface TemporaryPlace {
  place: DatabasePlace;
  remove(): Promise<void>;
}

/** Where there is no schema yet: no file, or an empty database. */
export async function emptyPlace(): Promise<TemporaryPlace> {
  const server = process.env[databaseServer];
  if (server === undefined) return temporaryFile();
  const name = await newCopy(server, 'template0');
  return { place: onServer(server, name), remove: () => execute(server, `drop database ${name} with (force)`) };
}

function temporaryFile(): TemporaryPlace {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-db-'));
  return {
    place: { sqlitePath: join(folder, 'state', 'supervision.sqlite') },
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

/** Of this process, emptied again. A copy of the template takes ten times as long as emptying one. */
const free: string[] = [];
let copies = 0;

async function copyOfTemplate(server: string): Promise<TemporaryPlace> {
  const name = free.pop() ?? (await newCopy(server, templateDatabase));
  const place = onServer(server, name);
  return {
    place,
    async remove() {
      await execute(place.postgres.url, process.env[databaseEmptying] ?? '');
      free.push(name);
    },
  };
}

function onServer(server: string, database: string) {
  return { postgres: { url: server.replace('/postgres?', `/${database}?`), passwordFile: '', connections: 10 } };
}

async function newCopy(server: string, template: string): Promise<string> {
  copies += 1;
  const name = `test_${process.pid}_${copies}`;
  await execute(server, `create database ${name} template ${template} strategy file_copy`);
  return name;
}
