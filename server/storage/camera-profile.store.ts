import type { Queries } from './database.ts';

export interface CameraProfileTable {
  id: string;
  name: string;
  /** JSON of its settings. */
  settings: string;
  version: number;
  changed_at_ms: number;
}

export type CameraProfileRow = CameraProfileTable;

export class CameraProfileStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** By name, with how many cameras have it. */
  async list(): Promise<(CameraProfileRow & { cameras: number })[]> {
    const rows = await this.#db.selectFrom('camera_profiles').selectAll().orderBy('name').orderBy('id').execute();
    const counts = await this.#db
      .selectFrom('cameras')
      .select((eb) => ['profile_id', eb.fn.countAll<number | bigint | string>().as('count')])
      .where('removed_at_ms', 'is', null)
      .where('profile_id', 'is not', null)
      .groupBy('profile_id')
      .execute();
    const byId = new Map(counts.map(({ profile_id, count }) => [profile_id, Number(count)]));
    return rows.map((row) => ({ ...row, cameras: byId.get(row.id) ?? 0 }));
  }

  async find(id: string, within: Queries = this.#db): Promise<CameraProfileRow | undefined> {
    return within.selectFrom('camera_profiles').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async insert(row: CameraProfileRow, within: Queries): Promise<void> {
    await within.insertInto('camera_profiles').values(row).execute();
  }

  /** False where it is of another version by now, or gone. */
  async update(row: CameraProfileRow, version: number, within: Queries): Promise<boolean> {
    const { id, ...values } = row;
    const done = await within
      .updateTable('camera_profiles')
      .set(values)
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  async remove(id: string, within: Queries): Promise<void> {
    await within.deleteFrom('camera_profiles').where('id', '=', id).execute();
  }

  /** Work that is done wholly or not at all. */
  transaction<T>(work: (within: Queries) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(work);
  }
}
