import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { StreamName } from '../../contracts/common.ts';
import { gapReason } from '../../contracts/timeline.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { GapRow, Hold, Recording, VolumeRow } from './archive-index.ts';
import type { LostVolume } from './lost-volumes.ts';

type Row = Record<string, unknown>;

const columns = `r.start_ms AS startMs, r.end_ms AS endMs, r.bytes, r.init_bytes AS initBytes, r.init_id AS initId, r.timescale,
  r.media_duration AS mediaDuration, r.codec, r.width, r.height, r.sha256, r.clock, r.keyframes`;

/** An index that may be damaged: each answer is what can still be read, and an error ends only the answer that it met. */
export class OldIndex {
  readonly #db: DatabaseSync | null;
  readonly #log: Logger;
  /** False once an answer met an error. */
  #whole = false;

  private constructor(db: DatabaseSync | null, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  static open(path: string, log: Logger): OldIndex {
    try {
      return new OldIndex(existsSync(path) ? new DatabaseSync(path, { readOnly: true, timeout: 1000 }) : null, log);
    } catch (error) {
      log.error({ reason: errorMessage(error) }, 'the old archive index cannot be opened');
      return new OldIndex(null, log);
    }
  }

  close(): void {
    this.#db?.close();
  }

  /** Null when not all of them can be read. */
  holds(): Hold[] | null {
    const sql = 'SELECT owner, camera AS cameraId, from_ms AS fromMs, to_ms AS toMs FROM hold';
    this.#whole = this.#db !== null;
    const rows = this.#all(sql) as unknown as Hold[];
    return this.#whole ? rows : null;
  }

  streams(): { cameraId: string; name: StreamName; sinceMs: number }[] {
    const rows = this.#all(
      "SELECT camera AS cameraId, name, since_ms AS sinceMs FROM stream WHERE name IN ('main', 'sub')",
    );
    return rows as never;
  }

  gaps(cameraId: string, stream: StreamName): GapRow[] {
    const sql = `SELECT from_ms AS fromMs, to_ms AS toMs, reason FROM gap
      WHERE stream_id = (SELECT id FROM stream WHERE camera = ? AND name = ?) ORDER BY from_ms`;
    const rows = this.#all(sql, cameraId, stream) as unknown as GapRow[];
    return rows.filter((row) => gapReason.safeParse(row.reason).success);
  }

  recording(cameraId: string, stream: StreamName, startMs: number): Omit<Recording, 'streamId' | 'volumeId'> | null {
    const sql = `SELECT ${columns} FROM recording r
      WHERE stream_id = (SELECT id FROM stream WHERE camera = ? AND name = ?) AND start_ms = ?`;
    const row = this.#all(sql, cameraId, stream, startMs)[0] as Omit<Recording, 'streamId' | 'volumeId'> | undefined;
    return row !== undefined && row.sha256.length === 32 && row.endMs >= row.startMs ? row : null;
  }

  volumes(): VolumeRow[] {
    return this.#all('SELECT id, uuid, name, files, bytes FROM volume ORDER BY id') as unknown as VolumeRow[];
  }

  /** What was given up before. */
  lostVolumes(): LostVolume[] {
    const sql =
      'SELECT uuid, name, at_ms AS atMs, files, bytes, from_ms AS fromMs, to_ms AS toMs FROM forgotten_volume ORDER BY at_ms';
    return this.#all(sql) as unknown as LostVolume[];
  }

  /** Every row of a volume, for one whose files are out of reach. */
  recordingsOn(
    volumeId: number,
  ): (Omit<Recording, 'streamId' | 'volumeId'> & { cameraId: string; stream: StreamName })[] {
    const sql = `SELECT s.camera AS cameraId, s.name AS stream, ${columns} FROM recording r JOIN stream s ON s.id = r.stream_id
      WHERE r.volume = ? AND r.deleting = 0 ORDER BY r.stream_id, r.start_ms`;
    return this.#all(sql, volumeId) as never;
  }

  fact(name: string): number | null {
    const value = this.#all('SELECT value FROM fact WHERE name = ?', name)[0]?.value;
    return value === undefined ? null : Number(value);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    const rows: Row[] = [];
    if (this.#db === null) return rows;
    try {
      for (const row of this.#db.prepare(sql).iterate(...values)) rows.push(row);
    } catch (error) {
      this.#whole = false;
      this.#log.debug({ reason: errorMessage(error) }, 'a part of the old archive index cannot be read');
    }
    return rows;
  }
}
