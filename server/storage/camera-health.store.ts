import type { HealthPart, PartState, ReferenceKind } from '../contracts/camera-health.ts';
import type { Flag } from './columns.ts';
import type { Queries } from './database.ts';

/** How one part of a camera does now, and the spell of trouble that it is in. */
export interface CameraHealthTable {
  camera_id: string;
  part: HealthPart;
  state: PartState;
  cause: string | null;
  detail: number | null;
  since_ms: number;
  /** Null while there is no spell. */
  spell_from_ms: number | null;
  spell_well_ms: number | null;
  spell_told: Flag;
}
export type CameraHealthRow = CameraHealthTable;

/** Changes are added and, once they are old, deleted. */
export interface CameraHealthChangeTable {
  camera_id: string;
  /** From 1 for each camera. */
  seq: number;
  part: HealthPart;
  at_ms: number;
  state: PartState;
  cause: string | null;
}
export type CameraHealthChangeRow = CameraHealthChangeTable;

/** The account of a day that is over. */
export interface CameraUptimeTable {
  camera_id: string;
  /** YYYY-MM-DD in the city's time zone. */
  day: string;
  scheduled_ms: number;
  recorded_ms: number;
  healthy_ms: number;
}
export type CameraUptimeRow = CameraUptimeTable;

export interface CameraReferenceTable {
  camera_id: string;
  kind: ReferenceKind;
  /** What is compared, as JSON. */
  signature: string;
  media_time_ms: number;
  approved_at_ms: number;
  approved_by_id: string;
  approved_by_name: string;
}
export type CameraReferenceRow = CameraReferenceTable;

export class CameraHealthStore {
  readonly #db: Queries;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** Of all cameras. */
  now(): Promise<CameraHealthRow[]> {
    return this.#db.selectFrom('camera_health').selectAll().execute();
  }

  /** Writes how parts do now and, of those that changed, the change, all or nothing. */
  async put(rows: readonly CameraHealthRow[], changed: readonly Omit<CameraHealthChangeRow, 'seq'>[]): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const row of rows) {
        const { camera_id: _, part: __, ...values } = row;
        await trx
          .insertInto('camera_health')
          .values(row)
          .onConflict((conflict) => conflict.columns(['camera_id', 'part']).doUpdateSet(values))
          .execute();
      }
      for (const change of changed) {
        const last = await trx
          .selectFrom('camera_health_changes')
          .select('seq')
          .where('camera_id', '=', change.camera_id)
          .orderBy('seq', 'desc')
          .limit(1)
          .executeTakeFirst();
        await trx
          .insertInto('camera_health_changes')
          .values({ ...change, seq: (last?.seq ?? 0) + 1 })
          .execute();
      }
    });
  }

  /** Newest first; with `before` those older than that number. */
  changes(cameraId: string, before: number | null, limit: number): Promise<CameraHealthChangeRow[]> {
    let query = this.#db
      .selectFrom('camera_health_changes')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .orderBy('seq', 'desc')
      .limit(limit);
    if (before !== null) query = query.where('seq', '<', before);
    return query.execute();
  }

  /** Changes of one part in [fromMs, toMs) by time, behind the last one before it. */
  async changesOf(cameraId: string, part: HealthPart, fromMs: number, toMs: number): Promise<CameraHealthChangeRow[]> {
    const ofPart = this.#db
      .selectFrom('camera_health_changes')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('part', '=', part);
    const before = await ofPart
      .where('at_ms', '<', fromMs)
      .orderBy('at_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    const within = await ofPart
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .orderBy('at_ms')
      .orderBy('seq')
      .execute();
    return [...before, ...within];
  }

  /** A camera that is no more has no health; its changes and days stay as long as all others. */
  async forget(cameraId: string): Promise<void> {
    await this.#db.deleteFrom('camera_health').where('camera_id', '=', cameraId).execute();
  }

  /** By day, from `fromDay` on. */
  uptime(cameraId: string, fromDay: string): Promise<CameraUptimeRow[]> {
    return this.#db
      .selectFrom('camera_uptime')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('day', '>=', fromDay)
      .orderBy('day')
      .execute();
  }

  async putUptime(row: CameraUptimeRow): Promise<void> {
    const { camera_id: _, day: __, ...values } = row;
    await this.#db
      .insertInto('camera_uptime')
      .values(row)
      .onConflict((conflict) => conflict.columns(['camera_id', 'day']).doUpdateSet(values))
      .execute();
  }

  /** Deletes changes before a moment and accounts before a day; the last change of a part stays where it still holds. */
  async deleteBefore(beforeMs: number, beforeDay: string): Promise<void> {
    await this.#db
      .deleteFrom('camera_health_changes')
      .where('at_ms', '<', beforeMs)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('camera_health_changes as later')
            .select('later.seq')
            .whereRef('later.camera_id', '=', 'camera_health_changes.camera_id')
            .whereRef('later.part', '=', 'camera_health_changes.part')
            .whereRef('later.seq', '>', 'camera_health_changes.seq'),
        ),
      )
      .execute();
    await this.#db.deleteFrom('camera_uptime').where('day', '<', beforeDay).execute();
  }

  references(): Promise<CameraReferenceRow[]> {
    return this.#db.selectFrom('camera_references').selectAll().execute();
  }

  async putReference(row: CameraReferenceRow, also: (within: Queries) => Promise<unknown>): Promise<void> {
    const { camera_id: _, kind: __, ...values } = row;
    await this.#db.transaction().execute(async (trx) => {
      await trx
        .insertInto('camera_references')
        .values(row)
        .onConflict((conflict) => conflict.columns(['camera_id', 'kind']).doUpdateSet(values))
        .execute();
      await also(trx);
    });
  }

  /** False where there was none; then nothing else is written either. */
  dropReference(cameraId: string, kind: ReferenceKind, also: (within: Queries) => Promise<unknown>): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('camera_references')
        .where('camera_id', '=', cameraId)
        .where('kind', '=', kind)
        .executeTakeFirst();
      if (numDeletedRows === 0n) return false;
      await also(trx);
      return true;
    });
  }

  /** All of a camera that is no more. */
  async dropReferences(cameraId: string): Promise<void> {
    await this.#db.deleteFrom('camera_references').where('camera_id', '=', cameraId).execute();
  }
}
