import type { StreamName } from '../../contracts/common.ts';
import type { IndexDatabase } from './index-database.ts';
import type { VolumeRow } from './index-rows.ts';

/** A volume that an administrator gave up, and what the archive lost with it. */
export interface LostVolume {
  uuid: string;
  name: string;
  atMs: number;
  files: number;
  bytes: number;
  /** Of its recordings; null when it had none. */
  fromMs: number | null;
  toMs: number | null;
}

/** The part of the index that gives volumes up: what lay on them, what of it was held, and what was given up when. */
export class LostVolumes {
  readonly #db: IndexDatabase;

  constructor(db: IndexDatabase) {
    this.#db = db;
  }

  /** What would be lost with a volume now. */
  lossOf({ id, uuid, name, files, bytes }: VolumeRow, atMs: number): LostVolume {
    const edge = (order: 'ASC' | 'DESC') =>
      this.#db.get(
        `SELECT start_ms AS startMs, end_ms AS endMs FROM recording WHERE volume = ? ORDER BY start_ms ${order} LIMIT 1`,
        id,
      ) as { startMs: number; endMs: number } | undefined;
    return { uuid, name, atMs, files, bytes, fromMs: edge('ASC')?.startMs ?? null, toMs: edge('DESC')?.endMs ?? null };
  }

  /** Stretches that must stay, by the streams that they are of. */
  heldStretches(): { streamId: number; cameraId: string; stream: StreamName; fromMs: number; toMs: number }[] {
    const sql = `SELECT s.id AS streamId, s.camera AS cameraId, s.name AS stream, h.from_ms AS fromMs, h.to_ms AS toMs
      FROM hold h JOIN stream s ON s.camera = h.camera`;
    return this.#db.all(sql) as never;
  }

  /** Kept for good: an inquiry may ask where the footage went. */
  note({ uuid, name, atMs, files, bytes, fromMs, toMs }: LostVolume): void {
    this.#db.run(
      'INSERT INTO forgotten_volume (uuid, name, at_ms, files, bytes, from_ms, to_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[uuid, name, atMs, files, bytes, fromMs, toMs],
    );
  }

  /** Drops the row of a volume on which nothing is recorded any more. */
  drop(volumeId: number): void {
    this.#db.run(
      'DELETE FROM volume WHERE id = ? AND NOT EXISTS (SELECT 1 FROM recording WHERE volume = ?)',
      volumeId,
      volumeId,
    );
  }

  /** What was given up, oldest first. */
  all(): LostVolume[] {
    return this.#db.all(
      'SELECT uuid, name, at_ms AS atMs, files, bytes, from_ms AS fromMs, to_ms AS toMs FROM forgotten_volume ORDER BY at_ms',
    ) as never;
  }
}
