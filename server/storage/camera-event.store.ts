import type { CameraEventKind } from '../contracts/camera-events.ts';
import type { Queries } from './database.ts';

export interface CameraEventTable {
  id: string;
  camera_id: string;
  kind: CameraEventKind;
  /** In the camera's own words. */
  source: string;
  from_ms: number;
  /** Null while it goes on. */
  to_ms: number | null;
}

export type CameraEventRow = CameraEventTable;

/** What cameras told. Times are UTC epoch ms. */
export class CameraEventStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  async insert(row: CameraEventRow): Promise<void> {
    await this.#db.insertInto('camera_events').values(row).execute();
  }

  /** With null it goes on again. */
  async setEnd(id: string, toMs: number | null): Promise<void> {
    await this.#db.updateTable('camera_events').set({ to_ms: toMs }).where('id', '=', id).execute();
  }

  /** What a run left open that was cut off: of its end nothing is known. */
  async closeOpen(): Promise<void> {
    await this.#db
      .updateTable('camera_events')
      .set((eb) => ({ to_ms: eb.ref('from_ms') }))
      .where('to_ms', 'is', null)
      .execute();
  }

  /** Those that touch [fromMs, toMs), oldest first; the latest `most` of them. */
  async between(cameraId: string, fromMs: number, toMs: number, most: number): Promise<CameraEventRow[]> {
    const rows = await this.#db
      .selectFrom('camera_events')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('from_ms', '<', toMs)
      .where((eb) => eb.or([eb('to_ms', 'is', null), eb('to_ms', '>=', fromMs)]))
      .orderBy('from_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(most)
      .execute();
    return rows.reverse();
  }

  /** Newest first, those before a place in that order. */
  async page(
    cameraId: string,
    query: { kind?: CameraEventKind | undefined; before: { fromMs: number; id: string } | null; limit: number },
  ): Promise<CameraEventRow[]> {
    const { kind, before, limit } = query;
    let rows = this.#db.selectFrom('camera_events').selectAll().where('camera_id', '=', cameraId);
    if (kind !== undefined) rows = rows.where('kind', '=', kind);
    if (before)
      rows = rows.where((eb) =>
        eb.or([
          eb('from_ms', '<', before.fromMs),
          eb.and([eb('from_ms', '=', before.fromMs), eb('id', '<', before.id)]),
        ]),
      );
    return rows.orderBy('from_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
  }

  /** Those that began before; what goes on stays. */
  async removeBefore(beforeMs: number): Promise<void> {
    await this.#db.deleteFrom('camera_events').where('from_ms', '<', beforeMs).where('to_ms', 'is not', null).execute();
  }
}
