import { constants, existsSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StreamName } from '../../server/contracts/common.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { systemFiles } from '../../server/recorder/archive/files.ts';
import { encodeKeyframes } from '../../server/recorder/archive/keyframe-table.ts';
import { recordingPath } from '../../server/recorder/archive/paths.ts';
import { indexFile } from '../../server/recorder/archive/rebuild.ts';
import { migrate } from '../../server/recorder/archive/schema.ts';
import { writeIdentity } from '../../server/recorder/archive/volume-identity.ts';

/** An archive of a city: its index whole, of its files only those that somebody asks for. */
export interface CityArchive {
  dataDir: string;
  filesDir: string;
  cameras: number;
  days: number;
  fromMs: number;
  toMs: number;
}

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;
export const volumeName = 'archive';
const volumeId = '5a3c1b1e-6f1d-4a57-9c0b-0d4e2f6b7a10';
const timescale = 90_000;
/** A keyframe every 5 s keeps the index of 200 cameras and 30 days under 4 GB. */
const groupSeconds = 5;
const groups = 60 / groupSeconds;
const initBytes = 800;
/** One minute in six hours is missing, as it is with real cameras. */
const gapEvery = 360;
/** What a start looks for: so many files in all, spread evenly over each stream (`missing-files.ts`). */
const looks = 4000;

/** Names every stream by its number in the index, from 1. */
export function streamAt(number: number): { cameraId: string; stream: StreamName } {
  return { cameraId: `bench-${Math.ceil(number / 2)}`, stream: number % 2 === 1 ? 'main' : 'sub' };
}

/** Bytes of a group of pictures: 3 Mbit/s and 0.5 Mbit/s. */
const groupBytes = (stream: StreamName) => ((stream === 'main' ? 3_000_000 : 500_000) / 8) * groupSeconds;

/** Streams begin at different moments within a minute. */
export function firstStart(archive: CityArchive, number: number): number {
  return archive.fromMs + Math.floor(((number - 1) * minuteMs) / (archive.cameras * 2));
}

/** Made once and kept: `<folder>/archive-<cameras>x<days>-<version of the schema>`. */
export async function cityArchive(
  folder: string,
  cameras: number,
  days: number,
  say: (line: string) => void,
): Promise<CityArchive> {
  const root = join(folder, `archive-${cameras}x${days}-${schemaVersion()}`);
  const toMs = Date.UTC(2026, 5, 30, 3);
  const archive = {
    dataDir: join(root, 'data'),
    filesDir: join(root, 'files'),
    ...{ cameras, days, fromMs: toMs - days * dayMs, toMs },
  };
  if (existsSync(root)) return archive;
  const draft = `${root}.new`;
  await rm(draft, { recursive: true, force: true });
  const making = { ...archive, dataDir: join(draft, 'data'), filesDir: join(draft, 'files') };
  await mkdir(making.dataDir, { recursive: true });
  await mkdir(making.filesDir);
  const beganMs = performance.now();
  makeIndex(making, say);
  await makeFiles(making);
  await rename(draft, root);
  say(`the archive was made in ${Math.round((performance.now() - beganMs) / 1000)} s`);
  return archive;
}

function schemaVersion(): number {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  db.close();
  return version;
}

function keyframes(stream: StreamName): Uint8Array {
  const entry = (_: unknown, i: number) => ({
    time: i * groupSeconds * timescale,
    offset: initBytes + i * groupBytes(stream),
  });
  return encodeKeyframes(Array.from({ length: groups }, entry));
}

function makeIndex(archive: CityArchive, say: (line: string) => void): void {
  const path = join(archive.dataDir, indexFile);
  const index = new ArchiveIndex(path);
  index.addVolume(volumeId, volumeName);
  for (let number = 1; number <= archive.cameras * 2; number += 1) {
    const { cameraId, stream } = streamAt(number);
    index.stream(cameraId, stream, firstStart(archive, number));
  }
  index.close();

  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  // Sorted once at the end it is made ten times as fast.
  const age = String(db.prepare("SELECT sql FROM sqlite_master WHERE name = 'recording_age_on_volume'").get()?.sql);
  db.exec('DROP INDEX recording_age_on_volume');
  const minutes = 'WITH RECURSIVE minute (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM minute WHERE i + 1 < :minutes)';
  const rows = db.prepare(`${minutes}
    INSERT INTO recording (stream_id, start_ms, end_ms, bytes, init_bytes, init_id, timescale, media_duration, codec, width, height,
      sha256, clock, deleting, keyframes, volume)
    SELECT :id, :from + i * ${minuteMs}, :from + (i + 1) * ${minuteMs}, :bytes, ${initBytes}, '00112233445566aa', ${timescale},
      ${timescale * 60}, 'avc1.640028', :width, :height, randomblob(32), 'ok', 0, :keyframes, 1
    FROM minute WHERE i % ${gapEvery} <> ${gapEvery - 1}`);
  const gaps = db.prepare(`${minutes}
    INSERT INTO gap (stream_id, from_ms, to_ms, reason)
    SELECT :id, :from + i * ${minuteMs}, :from + (i + 1) * ${minuteMs}, 'camera_offline'
    FROM minute WHERE i % ${gapEvery} = ${gapEvery - 1}`);
  db.exec('BEGIN');
  for (let number = 1; number <= archive.cameras * 2; number += 1) {
    const { stream } = streamAt(number);
    const about = { id: number, from: firstStart(archive, number), minutes: archive.days * 1440 };
    const main = stream === 'main';
    rows.run({
      ...about,
      bytes: initBytes + groups * groupBytes(stream),
      ...{ width: main ? 1920 : 640, height: main ? 1080 : 360, keyframes: keyframes(stream) },
    });
    gaps.run(about);
    if (number % 40 === 0) say(`rows of ${number} of ${archive.cameras * 2} streams`);
  }
  db.exec('COMMIT');
  say('sorting by age');
  db.exec(age);
  db.exec(`UPDATE stream SET (files, bytes) = (SELECT count(*), sum(bytes) FROM recording WHERE stream_id = stream.id);
    UPDATE volume SET (files, bytes) = (SELECT sum(files), sum(bytes) FROM stream)`);
  db.close();
}

/** Empty files stand for those that a start only looks for: of the last hour, and the sample over all the time; the folder of every day. */
async function makeFiles(archive: CityArchive): Promise<void> {
  await writeIdentity(systemFiles, archive.filesDir, volumeId, volumeName);
  const index = new ArchiveIndex(join(archive.dataDir, indexFile));
  for (const { id, cameraId, name } of index.streams()) {
    for (let day = 0; day <= archive.days; day += 1) {
      const path = recordingPath({ cameraId, stream: name, startMs: archive.fromMs + day * dayMs });
      await mkdir(join(archive.filesDir, dirname(dirname(path))), { recursive: true });
    }
    const starts = new Set(index.startsFrom(id, archive.toMs - 60 * minuteMs));
    const share = Math.max(2, Math.floor(looks / (archive.cameras * 2)));
    const [first, last] = [firstStart(archive, id), index.recordingBefore(id, Number.MAX_SAFE_INTEGER)?.startMs ?? 0];
    for (let i = 0; i < share; i += 1) {
      const row = index.recordingBefore(id, first + Math.round(((last - first) * i) / (share - 1)));
      if (row !== null) starts.add(row.startMs);
    }
    for (const startMs of starts) await smallFile(archive, id, startMs, 0);
  }
  index.close();
}

export async function smallFile(archive: CityArchive, number: number, startMs: number, bytes: number): Promise<void> {
  const path = join(archive.filesDir, recordingPath({ ...streamAt(number), startMs }));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, new Uint8Array(bytes));
}

/** A file with its init and the one fragment at `offset`; the rest of it is a hole that takes no room. */
export async function sparseFile(
  archive: CityArchive,
  number: number,
  file: { startMs: number; bytes: number },
  offset: number,
  pictureBytes: number,
): Promise<void> {
  const path = join(archive.filesDir, recordingPath({ ...streamAt(number), startMs: file.startMs }));
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
  try {
    await handle.truncate(file.bytes);
    await handle.write(new Uint8Array(initBytes).fill(1), 0, initBytes, 0);
    const boxes = Buffer.concat([box('moof', 200), box('mdat', pictureBytes)]);
    await handle.write(boxes, 0, boxes.length, offset);
  } finally {
    await handle.close();
  }
}

function box(type: string, bytes: number): Buffer {
  const out = Buffer.alloc(bytes, 1);
  out.writeUInt32BE(bytes, 0);
  out.write(type, 4, 'latin1');
  return out;
}

/**
 * Keeps what a start and a cleaning change, in a file beside the index, and `restore` puts it back: also what a run that was killed had
 * left changed. Rows up to `untilMs` are kept.
 */
export function keepIndex(archive: CityArchive, untilMs: number): { restore(): void } {
  const keptPath = join(archive.dataDir, 'kept.sqlite');
  const attach = () => {
    const db = new DatabaseSync(join(archive.dataDir, indexFile), { enableForeignKeyConstraints: false });
    db.prepare('ATTACH ? AS kept').run(keptPath);
    return db;
  };
  const tables = ['stream', 'volume', 'gap', 'hold', 'fact'];
  const db = attach();
  const { count } = db.prepare('SELECT count(*) AS count FROM kept.sqlite_master').get() ?? {};
  if (count === 0) {
    db.exec('BEGIN');
    for (const table of tables) db.exec(`CREATE TABLE kept.${table} AS SELECT * FROM main.${table}`);
    db.prepare('CREATE TABLE kept.recording AS SELECT * FROM main.recording WHERE volume = 1 AND start_ms < ?').run(
      untilMs,
    );
    db.exec('COMMIT');
  }
  db.close();
  const restore = () => {
    const db = attach();
    db.exec('BEGIN');
    for (const table of tables) {
      db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM kept.${table}`);
    }
    db.exec('INSERT OR IGNORE INTO main.recording SELECT * FROM kept.recording');
    db.exec('UPDATE main.recording SET deleting = 0 WHERE deleting = 1; COMMIT');
    db.close();
  };
  restore();
  return { restore };
}
