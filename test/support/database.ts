import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../server/platform/log.ts';
import { type Database, openDatabase } from '../../server/storage/database.ts';

export interface TemporaryDatabase extends Database {
  sqlitePath: string;
}

/** A database in a folder of its own, which goes when it is closed. */
export async function temporaryDatabase(): Promise<TemporaryDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-db-'));
  const sqlitePath = join(folder, 'supervision.sqlite');
  const database = await openDatabase({ sqlitePath, log: silentLogger });
  return {
    ...database,
    sqlitePath,
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
