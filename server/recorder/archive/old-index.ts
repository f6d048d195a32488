import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { StreamName } from '../../contracts/common.ts';
import { gapReason } from '../../contracts/timeline.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { GapRow, Hold, Recording } from './archive-index.ts';

type Row = Record<string, unknown>;

/** An index that may be damaged: each answer is what can still be read, and an error ends only the answer that it met. */
export class OldIndex {
  readonly #db: DatabaseSync | null;
  readonly #log: Logger;

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

  holds(): Hold[] {
    return this.#all(
      'SELECT owner, camera AS cameraId, from_ms AS fromMs, to_ms AS toMs FROM hold',
    ) as unknown as Hold[];
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

  recording(cameraId: string, stream: StreamName, startMs: number): Omit<Recording, 'streamId'> | null {
    const sql = `SELECT start_ms AS startMs, end_ms AS endMs, bytes, init_bytes AS initBytes, init_id AS initId, timescale,
        media_duration AS mediaDuration, codec, width, height, sha256, clock, keyframes FROM recording
      WHERE stream_id = (SELECT id FROM stream WHERE camera = ? AND name = ?) AND start_ms = ?`;
    const row = this.#all(sql, cameraId, stream, startMs)[0] as Omit<Recording, 'streamId'> | undefined;
    return row !== undefined && row.sha256.length === 32 && row.endMs >= row.startMs ? row : null;
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
      this.#log.debug({ reason: errorMessage(error) }, 'a part of the old archive index cannot be read');
    }
    return rows;
  }
}
