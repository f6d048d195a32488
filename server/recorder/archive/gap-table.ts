import type { GapReason } from '../../contracts/timeline.ts';
import type { IndexDatabase } from './index-database.ts';
import type { GapRow } from './index-rows.ts';

/**
 * A closed gap that is longer stands in several rows, one after the other. So whoever asks for a stretch needs to look back no further than this,
 * however many years of gaps lie before it.
 */
export const longestGapRowMs = 24 * 3_600_000;

/** The rows of gaps: stretches of a stream that are not recorded, and why. */
export class GapTable {
  readonly #db: IndexDatabase;

  constructor(db: IndexDatabase) {
    this.#db = db;
  }

  /** Records a closed gap; a row of the same reason that ends where it begins is made longer instead. */
  add(streamId: number, fromMs: number, toMs: number, reason: GapReason): void {
    if (toMs <= fromMs) return;
    const longer = this.#db.run(
      'UPDATE gap SET to_ms = ? WHERE stream_id = ? AND to_ms = ? AND reason = ? AND from_ms >= ? AND from_ms < ?',
      ...[toMs, streamId, fromMs, reason, toMs - longestGapRowMs, fromMs],
    );
    if (longer > 0) return;
    for (let at = fromMs; at < toMs; at += longestGapRowMs) {
      this.#db.run(
        'INSERT OR REPLACE INTO gap (stream_id, from_ms, to_ms, reason) VALUES (?, ?, ?, ?)',
        ...[streamId, at, Math.min(at + longestGapRowMs, toMs), reason],
      );
    }
  }

  open(streamId: number, fromMs: number, reason: GapReason): void {
    this.#db.run(
      'INSERT OR REPLACE INTO gap (stream_id, from_ms, to_ms, reason) VALUES (?, ?, NULL, ?)',
      streamId,
      fromMs,
      reason,
    );
  }

  remove(streamId: number, fromMs: number): void {
    this.#db.run('DELETE FROM gap WHERE stream_id = ? AND from_ms = ?', streamId, fromMs);
  }

  /** The gap that has no end yet, if there is one. */
  current(streamId: number): GapRow | null {
    const sql =
      'SELECT from_ms AS fromMs, to_ms AS toMs, reason FROM gap WHERE stream_id = ? ORDER BY from_ms DESC LIMIT 1';
    const row = this.#db.get(sql, streamId) as GapRow | undefined;
    return row !== undefined && row.toMs === null ? row : null;
  }

  /** Rows that overlap [fromMs, toMs), in order of time. */
  between(streamId: number, fromMs: number, toMs: number): GapRow[] {
    const closed = this.#db.all(
      `SELECT from_ms AS fromMs, to_ms AS toMs, reason FROM gap
        WHERE stream_id = ? AND from_ms > ? AND from_ms < ? AND to_ms > ? ORDER BY from_ms`,
      ...[streamId, fromMs - longestGapRowMs, toMs, fromMs],
    ) as unknown as GapRow[];
    const open = this.#db.all(
      `SELECT from_ms AS fromMs, to_ms AS toMs, reason FROM gap INDEXED BY gap_open
        WHERE stream_id = ? AND to_ms IS NULL AND from_ms < ?`,
      ...[streamId, toMs],
    ) as unknown as GapRow[];
    return open.length === 0 ? closed : [...closed, ...open].sort((a, b) => a.fromMs - b.fromMs);
  }
}
