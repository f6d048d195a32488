import type { StreamName } from '../../contracts/common.ts';
import type { GapReason } from '../../contracts/timeline.ts';
import { GapTable } from './gap-table.ts';
import { IndexDatabase, type Row } from './index-database.ts';
import type { AgedRecording, FileRow, GapRow, Hold, Recording, StreamRow, VolumeRow } from './index-rows.ts';
import { IndexWrites } from './index-writes.ts';
import { LostVolumes } from './lost-volumes.ts';

export type { AgedRecording, FileRow, GapRow, Hold, Recording, StreamRow, VolumeRow } from './index-rows.ts';

const columns = `stream_id AS streamId, volume AS volumeId, start_ms AS startMs, end_ms AS endMs, bytes, init_bytes AS initBytes, init_id AS initId, timescale,
  media_duration AS mediaDuration, codec, width, height, sha256, clock, keyframes`;

/** The volume of what was recorded before there were several. */
export const firstVolume = 1;

/** The recorder's own database: which files hold which time of which stream, which time is missing and why, and what must stay. */
export class ArchiveIndex {
  readonly #db: IndexDatabase;
  readonly #gaps: GapTable;
  readonly lost: LostVolumes;
  /** For what recording writes: it waits when the index refuses for a time. */
  readonly writes: IndexWrites;
  /** Called when the index refuses what is recorded, and with null when it takes it again. */
  onRefused: (error: Error | null) => void = () => {};

  /** `readOnly`: for a look from another process while the recorder writes. */
  constructor(path: string, options: { readOnly?: boolean } = {}) {
    this.#db = new IndexDatabase(path, options);
    this.#gaps = new GapTable(this.#db);
    this.lost = new LostVolumes(this.#db);
    this.writes = new IndexWrites(
      (work) => this.#db.transaction(work),
      (error) => {
        // Once it is known to be locked, nobody waits for it any more.
        this.#db.patient(error === null);
        this.onRefused(error);
      },
    );
  }

  /** What SQLite finds wrong with the file; empty when it is whole. Reads all of it. */
  problems(): string[] {
    return this.#db
      .all('PRAGMA quick_check(5)')
      .map((row) => String(row.quick_check))
      .filter((line) => line !== 'ok');
  }

  close(): void {
    this.#db.close();
  }

  /** The row of a stream, made when it is new. */
  stream(cameraId: string, name: StreamName, nowMs: number): StreamRow {
    this.#db.run(
      'INSERT INTO stream (camera, name, since_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      cameraId,
      name,
      nowMs,
    );
    const found = this.findStream(cameraId, name);
    if (found === null) throw new Error('a stream row is missing');
    return found;
  }

  findStream(cameraId: string, name: StreamName): StreamRow | null {
    const sql = 'SELECT id, camera AS cameraId, name, since_ms AS sinceMs FROM stream WHERE camera = ? AND name = ?';
    return (this.#db.get(sql, cameraId, name) as StreamRow | undefined) ?? null;
  }

  streams(): StreamRow[] {
    return this.#db.all(
      'SELECT id, camera AS cameraId, name, since_ms AS sinceMs FROM stream ORDER BY id',
    ) as unknown as StreamRow[];
  }

  /** On the first volume unless told. */
  addRecording(r: Omit<Recording, 'volumeId'> & { volumeId?: number }): void {
    this.transaction(() => {
      this.#db.run(
        `INSERT INTO recording (stream_id, start_ms, end_ms, bytes, init_bytes, timescale, media_duration, codec, width, height, sha256, clock, keyframes, init_id, volume)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[
          r.streamId,
          r.startMs,
          r.endMs,
          r.bytes,
          r.initBytes,
          r.timescale,
          r.mediaDuration,
          r.codec,
          r.width,
          r.height,
        ],
        ...[r.sha256, r.clock, r.keyframes, r.initId, r.volumeId ?? firstVolume],
      );
      this.#db.run(
        'UPDATE volume SET files = files + 1, bytes = bytes + ? WHERE id = ?',
        r.bytes,
        r.volumeId ?? firstVolume,
      );
      this.#db.run('UPDATE stream SET files = files + 1, bytes = bytes + ? WHERE id = ?', r.bytes, r.streamId);
    });
  }

  /** Recordings that overlap [fromMs, toMs), in order of time. */
  recordings(streamId: number, fromMs: number, toMs: number): Recording[] {
    return this.#db.all(
      `SELECT ${columns} FROM recording WHERE ${overlap}`,
      ...overlapValues(streamId, fromMs, toMs),
    ) as unknown as Recording[];
  }

  /** The same without the tables of keyframes: start and end only. */
  spans(streamId: number, fromMs: number, toMs: number): { startMs: number; endMs: number }[] {
    const sql = `SELECT start_ms AS startMs, end_ms AS endMs FROM recording WHERE ${overlap}`;
    return this.#db.all(sql, ...overlapValues(streamId, fromMs, toMs)) as { startMs: number; endMs: number }[];
  }

  recording(streamId: number, startMs: number): Recording | null {
    const sql = `SELECT ${columns} FROM recording WHERE stream_id = ? AND start_ms = ? AND deleting = 0`;
    return (this.#db.get(sql, streamId, startMs) as Recording | undefined) ?? null;
  }

  /** The last recording that begins at or before `atMs`. */
  recordingBefore(streamId: number, atMs: number): Recording | null {
    const sql = `SELECT ${columns} FROM recording WHERE stream_id = ? AND start_ms <= ? AND deleting = 0 ORDER BY start_ms DESC LIMIT 1`;
    return (this.#db.get(sql, streamId, atMs) as Recording | undefined) ?? null;
  }

  /** Starts of all recordings of a stream from `fromMs` on, deleted ones on their way included. */
  startsFrom(streamId: number, fromMs: number): number[] {
    const sql = 'SELECT start_ms AS startMs FROM recording WHERE stream_id = ? AND start_ms >= ? ORDER BY start_ms';
    return this.#db.all(sql, streamId, fromMs).map((row) => Number(row.startMs));
  }

  /**
   * The oldest recordings of a volume that begin after `afterMs` and end by `untilMs`: what retention looks at, a page at a time. Files that
   * begin in the same ms stand in one page, so that the last start is where the next page begins.
   */
  oldestOn(volumeId: number, afterMs: number, untilMs: number, limit: number): AgedRecording[] {
    const sql = `SELECT r.stream_id AS streamId, s.camera AS cameraId, s.name AS stream, r.volume AS volumeId, r.start_ms AS startMs,
        r.end_ms AS endMs, r.bytes
      FROM recording r JOIN stream s ON s.id = r.stream_id
      WHERE r.volume = ? AND r.start_ms > ? AND r.start_ms < ? AND r.end_ms <= ? AND r.deleting = 0 ORDER BY r.start_ms LIMIT ?`;
    return wholeMs(limit, afterMs, (after, until, most) =>
      this.#db.all(sql, volumeId, after, Math.min(until, untilMs), untilMs, most),
    ) as never;
  }

  /** As `oldestOn`, of one stream. */
  oldestOf(streamId: number, volumeId: number, afterMs: number, untilMs: number, limit: number): AgedRecording[] {
    const sql = `SELECT r.stream_id AS streamId, s.camera AS cameraId, s.name AS stream, r.volume AS volumeId, r.start_ms AS startMs,
        r.end_ms AS endMs, r.bytes
      FROM recording r JOIN stream s ON s.id = r.stream_id
      WHERE r.stream_id = ? AND r.volume = ? AND r.start_ms > ? AND r.start_ms < ? AND r.end_ms <= ? AND r.deleting = 0
      ORDER BY r.start_ms LIMIT ?`;
    return this.#db.all(sql, streamId, volumeId, afterMs, untilMs, untilMs, limit) as never;
  }

  /** When the oldest recording of each stream of a camera begins; null where there is none. */
  oldestByStream(cameraId: string): { name: StreamName; oldestMs: number | null }[] {
    const sql = `SELECT name, (SELECT start_ms FROM recording WHERE stream_id = stream.id AND deleting = 0 ORDER BY start_ms LIMIT 1) AS oldestMs
      FROM stream WHERE camera = ? ORDER BY name`;
    return this.#db.all(sql, cameraId) as never;
  }

  /** Every volume that was ever taken in. */
  volumes(): VolumeRow[] {
    return this.#db.all('SELECT id, uuid, name, files, bytes FROM volume ORDER BY id') as never;
  }

  /** Takes a volume in. The first one gets what was recorded before there were volumes. */
  addVolume(uuid: string, name: string): number {
    this.transaction(() => {
      this.#db.run('INSERT INTO volume (uuid, name) VALUES (?, ?)', uuid, name);
      this.#db.run(
        `UPDATE volume SET (files, bytes) = (SELECT count(*), coalesce(sum(bytes), 0) FROM recording WHERE volume = volume.id)
          WHERE uuid = ?`,
        uuid,
      );
    });
    return Number(this.#db.get('SELECT id FROM volume WHERE uuid = ?', uuid)?.id);
  }

  /** Stretches of [fromMs, toMs) that are recorded on these volumes. */
  spansOn(
    volumeIds: readonly number[],
    streamId: number,
    fromMs: number,
    toMs: number,
  ): { startMs: number; endMs: number }[] {
    const sql = `SELECT start_ms AS startMs, end_ms AS endMs, volume AS volumeId FROM recording WHERE ${overlap}`;
    const rows = this.#db.all(sql, ...overlapValues(streamId, fromMs, toMs));
    return rows.filter(({ volumeId }) => volumeIds.includes(Number(volumeId))) as never;
  }

  /** The start of the last recording on a volume. */
  lastStartOn(volumeId: number): number | null {
    const row = this.#db.get('SELECT max(start_ms) AS startMs FROM recording WHERE volume = ?', volumeId);
    return row?.startMs === null || row === undefined ? null : Number(row.startMs);
  }

  /** A page of the rows of a stream, for whoever compares them with the files. */
  filesAfter(streamId: number, afterMs: number, limit: number): FileRow[] {
    const sql = `SELECT start_ms AS startMs, volume AS volumeId, bytes, sha256 FROM recording
      WHERE stream_id = ? AND start_ms > ? AND deleting = 0 ORDER BY start_ms LIMIT ?`;
    return this.#db.all(sql, streamId, afterMs, limit) as never;
  }

  /** The same of a volume over all streams, in order of time, of files that ended before `untilMs`; as in `oldestOn`, a page ends with a whole ms. */
  hashesAfter(
    volumeId: number,
    afterMs: number,
    untilMs: number,
    limit: number,
  ): (FileRow & { cameraId: string; stream: StreamName })[] {
    const sql = `SELECT s.camera AS cameraId, s.name AS stream, r.start_ms AS startMs, r.volume AS volumeId, r.bytes, r.sha256
      FROM recording r JOIN stream s ON s.id = r.stream_id
      WHERE r.volume = ? AND r.start_ms > ? AND r.start_ms < ? AND r.end_ms < ? AND r.deleting = 0 ORDER BY r.start_ms LIMIT ?`;
    const rows = (after: number, until: number, most: number) =>
      this.#db.all(sql, volumeId, after, until, untilMs, most);
    return wholeMs(limit, afterMs, rows) as never;
  }

  /** Also one that is being deleted. */
  hasRecording(streamId: number, startMs: number): boolean {
    return (
      this.#db.get('SELECT 1 FROM recording WHERE stream_id = ? AND start_ms = ?', streamId, startMs) !== undefined
    );
  }

  /** A stream is older than was known. */
  lowerSince(streamId: number, sinceMs: number): void {
    this.#db.run('UPDATE stream SET since_ms = min(since_ms, ?) WHERE id = ?', sinceMs, streamId);
  }

  markDeleting(streamId: number, startMs: number): void {
    this.#db.run('UPDATE recording SET deleting = 1 WHERE stream_id = ? AND start_ms = ?', streamId, startMs);
  }

  unmarkDeleting(streamId: number, startMs: number): void {
    this.#db.run('UPDATE recording SET deleting = 0 WHERE stream_id = ? AND start_ms = ?', streamId, startMs);
  }

  deleting(): { streamId: number; volumeId: number; startMs: number; endMs: number; bytes: number }[] {
    const sql =
      'SELECT stream_id AS streamId, volume AS volumeId, start_ms AS startMs, end_ms AS endMs, bytes FROM recording WHERE deleting = 1';
    return this.#db.all(sql) as never;
  }

  /** Drops a row whose file is gone and leaves a gap in its place, joined to the one before it. */
  dropRecording(streamId: number, startMs: number, reason: GapReason): void {
    this.transaction(() => {
      const row = this.#db.get(
        'SELECT end_ms AS endMs, bytes, volume FROM recording WHERE stream_id = ? AND start_ms = ?',
        streamId,
        startMs,
      );
      if (row === undefined) return;
      this.#db.run('DELETE FROM recording WHERE stream_id = ? AND start_ms = ?', streamId, startMs);
      this.#db.run('UPDATE stream SET files = files - 1, bytes = bytes - ? WHERE id = ?', Number(row.bytes), streamId);
      this.#db.run(
        'UPDATE volume SET files = files - 1, bytes = bytes - ? WHERE id = ?',
        Number(row.bytes),
        Number(row.volume),
      );
      this.addGap(streamId, startMs, Number(row.endMs), reason);
    });
  }

  /** Records a closed gap; one of the same reason that ends where it begins is made longer instead. */
  addGap(streamId: number, fromMs: number, toMs: number, reason: GapReason): void {
    this.#gaps.add(streamId, fromMs, toMs, reason);
  }

  openGap(streamId: number, fromMs: number, reason: GapReason): void {
    this.#gaps.open(streamId, fromMs, reason);
  }

  removeGap(streamId: number, fromMs: number): void {
    this.#gaps.remove(streamId, fromMs);
  }

  /** The gap that has no end yet, if there is one. */
  currentGap(streamId: number): GapRow | null {
    return this.#gaps.current(streamId);
  }

  /** Gaps that overlap [fromMs, toMs), in order of time. */
  gaps(streamId: number, fromMs: number, toMs: number): GapRow[] {
    return this.#gaps.between(streamId, fromMs, toMs);
  }

  /** Where what is known of a stream ends: its last recording or its last closed gap. */
  lastKnownMs(streamId: number): number | null {
    const sql = `SELECT max(coalesce((SELECT end_ms FROM recording WHERE stream_id = ?1 ORDER BY start_ms DESC LIMIT 1), -1),
      coalesce((SELECT to_ms FROM gap WHERE stream_id = ?1 AND to_ms IS NOT NULL ORDER BY from_ms DESC LIMIT 1), -1)) AS lastMs`;
    const last = Number(this.#db.get(sql, streamId)?.lastMs ?? -1);
    return last < 0 ? null : last;
  }

  putHold(hold: Hold): void {
    this.#db.run(
      'INSERT INTO hold (owner, camera, from_ms, to_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      hold.owner,
      hold.cameraId,
      hold.fromMs,
      hold.toMs,
    );
  }

  dropHolds(owner: string): void {
    this.#db.run('DELETE FROM hold WHERE owner = ?', owner);
  }

  isHeld(cameraId: string, fromMs: number, toMs: number): boolean {
    return (
      this.#db.get(
        'SELECT 1 FROM hold WHERE camera = ? AND from_ms < ? AND to_ms > ? LIMIT 1',
        cameraId,
        toMs,
        fromMs,
      ) !== undefined
    );
  }

  totals(): { files: number; bytes: number; oldestMs: number | null } {
    const sums = this.#db.get('SELECT coalesce(sum(files), 0) AS files, coalesce(sum(bytes), 0) AS bytes FROM stream');
    const oldest = this.#db.get(
      `SELECT min(oldest) AS oldestMs FROM (SELECT (SELECT min(start_ms) FROM recording WHERE volume = v.id) AS oldest
        FROM (SELECT id FROM volume UNION SELECT 1 AS id) v) HAVING oldestMs IS NOT NULL`,
    );
    return {
      files: Number(sums?.files),
      bytes: Number(sums?.bytes),
      oldestMs: oldest === undefined ? null : Number(oldest.oldestMs),
    };
  }

  fact(name: string): number | null {
    const row = this.#db.get('SELECT value FROM fact WHERE name = ?', name);
    return row === undefined ? null : Number(row.value);
  }

  setFact(name: string, value: number): void {
    this.#db.run('INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)', name, value);
  }

  /** All or nothing; calls may nest. */
  transaction(work: () => void): void {
    this.#db.transaction(work);
  }
}

/** A page of rows in order of their start that is not cut within a ms, however many files begin in it. */
function wholeMs(
  limit: number,
  afterMs: number,
  rows: (afterMs: number, untilMs: number, limit: number) => Row[],
): Row[] {
  const page = rows(afterMs, Number.MAX_SAFE_INTEGER, limit);
  if (page.length < limit) return page;
  const lastMs = Number(page.at(-1)?.startMs);
  return [...page.filter(({ startMs }) => startMs !== lastMs), ...rows(lastMs - 1, lastMs + 1, -1)];
}

/** Files never overlap, so that the first one to look at is the last that begins at or before the stretch. */
const overlap = `stream_id = ? AND start_ms < ? AND end_ms > ? AND deleting = 0
  AND start_ms >= coalesce((SELECT max(start_ms) FROM recording WHERE stream_id = ? AND start_ms <= ?), 0) ORDER BY start_ms`;
const overlapValues = (streamId: number, fromMs: number, toMs: number) => [streamId, toMs, fromMs, streamId, fromMs];
