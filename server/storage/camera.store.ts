import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

export interface CameraTable {
  id: string;
  name: string;
  unit_id: string;
  /** JSON array of desk ids. */
  desk_ids: string;
  enabled: Flag;
  simulated: Flag;
  /** Whether it can be steered; null while nobody has asked the camera. */
  ptz: Flag | null;
  /** Host and port that the camera is known by. */
  host: string;
  /** Device service address; null for a camera without ONVIF. */
  onvif: string | null;
  /** WS-Discovery endpoint reference, where the camera tells it. */
  endpoint: string | null;
  certificate_sha256: string | null;
  manufacturer: string;
  model: string;
  firmware: string;
  serial: string;
  /** Sealed; null for a camera that asks nobody, and after removal. */
  credentials: string | null;
  created_at_ms: number;
  changed_at_ms: number;
  removed_at_ms: number | null;
  profile_id: string | null;
  /** JSON of where its settings come from, by name; null is a camera of before there were profiles. */
  setting_sources: string | null;
  /** Whether what it tells is kept. */
  events: Flag;
}

export interface CameraStreamTable {
  camera_id: string;
  name: string;
  /** Without user info. */
  url: string;
  url_as_sent: string;
  profile_token: string | null;
  codec: string;
  width: number;
  height: number;
  fps: number;
  /** JSON of when the stream is recorded; null is continuously. */
  recording: string | null;
  /** Null is as long as the city says. */
  retention_days: number | null;
  sound: Flag;
}

/** The unit in which a camera stands from a moment on. */
export interface CameraPlacementTable {
  camera_id: string;
  from_ms: number;
  unit_id: string;
}

export type CameraRow = CameraTable;
export type CameraStreamRow = CameraStreamTable;
export type CameraChange = Partial<Omit<CameraRow, 'id' | 'created_at_ms' | 'removed_at_ms'>> &
  Pick<CameraRow, 'changed_at_ms'>;
/** What an administrator sets of one stream, and where it is. */
export type StreamChange = Partial<
  Pick<CameraStreamRow, 'recording' | 'retention_days' | 'sound' | 'url' | 'url_as_sent' | 'profile_token'>
>;
export interface StoredCamera {
  row: CameraRow;
  streams: CameraStreamRow[];
}

type Also = (within: Queries) => Promise<unknown>;

export class CameraStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Several cameras and what `also` adds, all or nothing. */
  async insertAll(cameras: readonly StoredCamera[], also: Also): Promise<void> {
    await this.#db.transaction().execute(async (within) => {
      for (const { row, streams } of cameras) {
        await within.insertInto('cameras').values(row).execute();
        await within
          .insertInto('camera_streams')
          .values([...streams])
          .execute();
        await place(row.id, row.unit_id, row.created_at_ms, within);
      }
      await also(within);
    });
  }

  /** By name; without those that were removed. */
  async list(): Promise<StoredCamera[]> {
    const rows = await this.#db
      .selectFrom('cameras')
      .selectAll()
      .where('removed_at_ms', 'is', null)
      .orderBy('name')
      .orderBy('id')
      .execute();
    const streams = await this.#db.selectFrom('camera_streams').selectAll().orderBy('name').execute();
    const byCamera = Map.groupBy(streams, (stream) => stream.camera_id);
    return rows.map((row) => ({ row, streams: byCamera.get(row.id) ?? [] }));
  }

  /** Also one that was removed. */
  async find(id: string): Promise<StoredCamera | undefined> {
    const row = await this.#db.selectFrom('cameras').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) return undefined;
    const streams = await this.#db
      .selectFrom('camera_streams')
      .selectAll()
      .where('camera_id', '=', id)
      .orderBy('name')
      .execute();
    return { row, streams };
  }

  /**
   * Changes the camera and, by name, its streams, with what `also` adds, all or nothing. False where there is no such camera, or it was removed.
   */
  async update(
    id: string,
    change: CameraChange,
    streams: ReadonlyMap<string, StreamChange>,
    also: Also,
  ): Promise<boolean> {
    return this.#db.transaction().execute(async (within) => {
      const done = await this.updateWithin(id, change, streams, within);
      if (done) await also(within);
      return done;
    });
  }

  /** The same as part of a transaction. */
  async updateWithin(
    id: string,
    change: CameraChange,
    streams: ReadonlyMap<string, StreamChange>,
    within: Queries,
  ): Promise<boolean> {
    const done = await within
      .updateTable('cameras')
      .set(change)
      .where('id', '=', id)
      .where('removed_at_ms', 'is', null)
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) return false;
    for (const [name, values] of streams) {
      await within
        .updateTable('camera_streams')
        .set(values)
        .where('camera_id', '=', id)
        .where('name', '=', name)
        .execute();
    }
    if (change.unit_id !== undefined) await place(id, change.unit_id, change.changed_at_ms, within);
    return true;
  }

  /** Another device in its place: its streams are those of that one from now on. All or nothing; false as `update`. */
  async replace(id: string, change: CameraChange, streams: readonly CameraStreamRow[], also: Also): Promise<boolean> {
    return this.#db.transaction().execute(async (within) => {
      const done = await this.updateWithin(id, change, new Map(), within);
      if (!done) return false;
      await within.deleteFrom('camera_streams').where('camera_id', '=', id).execute();
      await within
        .insertInto('camera_streams')
        .values([...streams])
        .execute();
      await also(within);
      return true;
    });
  }

  /** Those with a profile, without removed ones, as part of a transaction. */
  async ofProfile(profileId: string, within: Queries): Promise<StoredCamera[]> {
    const rows = await within
      .selectFrom('cameras')
      .selectAll()
      .where('profile_id', '=', profileId)
      .where('removed_at_ms', 'is', null)
      .orderBy('id')
      .execute();
    if (rows.length === 0) return [];
    const streams = await within
      .selectFrom('camera_streams')
      .selectAll()
      .where(
        'camera_id',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('name')
      .execute();
    const byCamera = Map.groupBy(streams, (stream) => stream.camera_id);
    return rows.map((row) => ({ row, streams: byCamera.get(row.id) ?? [] }));
  }

  /** Every stream with days of its own, those of removed cameras too. */
  async retentions(): Promise<{ camera_id: string; name: string; retention_days: number | null }[]> {
    return this.#db
      .selectFrom('camera_streams')
      .select(['camera_id', 'name', 'retention_days'])
      .where('retention_days', 'is not', null)
      .execute();
  }

  /** The unit in which it stood at `atMs`, or in which it stood first; undefined where there is no such camera. */
  async unitAt(id: string, atMs: number): Promise<string | undefined> {
    const placements = this.#db.selectFrom('camera_placements').select('unit_id').where('camera_id', '=', id).limit(1);
    const then = await placements.where('from_ms', '<=', atMs).orderBy('from_ms', 'desc').executeTakeFirst();
    return (then ?? (await placements.orderBy('from_ms').executeTakeFirst()))?.unit_id;
  }

  /** Marks it as removed and forgets its credentials; with what `also` adds, all or nothing. False as `update`. */
  async remove(id: string, atMs: number, also: Also): Promise<boolean> {
    return this.#db.transaction().execute(async (within) => {
      const done = await within
        .updateTable('cameras')
        .set({ removed_at_ms: atMs, changed_at_ms: atMs, enabled: 0, credentials: null })
        .where('id', '=', id)
        .where('removed_at_ms', 'is', null)
        .executeTakeFirst();
      if (done.numUpdatedRows === 0n) return false;
      await also(within);
      return true;
    });
  }
}

async function place(cameraId: string, unitId: string, fromMs: number, within: Queries): Promise<void> {
  await within
    .insertInto('camera_placements')
    .values({ camera_id: cameraId, unit_id: unitId, from_ms: fromMs })
    .onConflict((conflict) => conflict.columns(['camera_id', 'from_ms']).doUpdateSet({ unit_id: unitId }))
    .execute();
}
