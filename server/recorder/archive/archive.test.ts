import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frame, initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { type ManualClock, manualClock } from '../../../test/support/manual-clock.ts';
import { openVolumes } from '../../../test/support/volumes.ts';
import { silentLogger } from '../../platform/log.ts';
import { type Fragment, FragmentReader } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import { buildTimeline } from '../playback/timeline.ts';
import { ArchiveIndex } from './archive-index.ts';
import { checkArchive } from './check.ts';
import { Cleaner } from './cleaner.ts';
import { recordingPath } from './paths.ts';
import { recoverArchive } from './recovery.ts';
import { StreamWriter } from './stream-writer.ts';
import type { Volumes } from './volumes.ts';

const dayMs = 24 * 3_600_000;
let directory: string;
let archiveDir: string;
let index: ArchiveIndex;
let volumes: Volumes;
let clock: ManualClock;
let writer: StreamWriter;
let disk: (string | null)[];
let mediaSecond: number;

function parse(chunks: Buffer[]): { init: Init; fragments: Fragment[] } {
  const found: { init?: Init; fragments: Fragment[] } = { fragments: [] };
  const reader = new FragmentReader({
    init: (init) => {
      found.init = init;
    },
    fragment: (fragment) => found.fragments.push(fragment),
  });
  for (const chunk of [initSegment(), ...chunks]) reader.push(chunk);
  return { init: found.init!, fragments: found.fragments };
}

function newWriter(): StreamWriter {
  return new StreamWriter({
    ...{ volumes, index, cameraId: 'cam', stream: 'main', clock, log: silentLogger, fileMs: 10_000 },
    onFileClosed: () => {},
    onGapClosed: () => {},
    onDisk: (error) => disk.push(error === null ? null : error.message),
  });
}

/** Hands `seconds` of media to the writer as they would arrive. */
function record(seconds: number): void {
  for (const fragment of parse(secondsOf(seconds, mediaSecond * 25 * frame)).fragments) {
    clock.advance(200);
    writer.fragment(fragment);
  }
  mediaSecond += seconds;
}

function begin(): void {
  writer.begin(parse([]).init);
}

function rows() {
  const stream = index.findStream('cam', 'main');
  return stream === null ? [] : index.recordings(stream.id, 0, Number.MAX_SAFE_INTEGER);
}

function gaps() {
  const stream = index.findStream('cam', 'main')!;
  return index.gaps(stream.id, 0, Number.MAX_SAFE_INTEGER);
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archive-'));
  archiveDir = join(directory, 'archive');
  await mkdir(archiveDir);
  index = new ArchiveIndex(join(directory, 'archive.sqlite'));
  clock = manualClock();
  volumes = await openVolumes(index, clock, [archiveDir]);
  disk = [];
  mediaSecond = 0;
  writer = newWriter();
});

afterEach(async () => {
  writer.interrupt('planned');
  await writer.settled();
  index.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the writer of a stream', () => {
  it('begins a new file at the first keyframe after its length, without a hole or an overlap', async () => {
    begin();
    record(25);
    writer.interrupt('server_stopped');
    await writer.settled();
    const files = rows();
    expect(files.map((file) => file.endMs - file.startMs)).toEqual([10_000, 10_000, 5000]);
    expect(files[1]!.startMs).toBe(files[0]!.endMs);
    expect(files[2]!.startMs).toBe(files[1]!.endMs);
    expect((await checkArchive(archiveDir, index, { hashes: true })).differences).toEqual([]);
    expect(gaps()).toEqual([{ fromMs: files[2]!.endMs, toMs: null, reason: 'server_stopped' }]);
  });

  it('gives every fragment back as it came, while its file grows and after it is closed', async () => {
    begin();
    mediaSecond = 100;
    const came = parse(secondsOf(12, mediaSecond * 25 * frame)).fragments.map((fragment) => {
      clock.advance(200);
      return { fragment, stored: writer.fragment(fragment).stored! };
    });
    const last = came.at(-1)!;
    await vi.waitUntil(() => last.stored.file.holds(last.stored.offset + last.fragment.bytes));
    for (const { fragment, stored } of came) {
      const bytes = await stored.file.read(stored.offset, fragment.bytes);
      expect(Buffer.compare(bytes, Buffer.concat([fragment.moof, ...fragment.mdat]))).toBe(0);
      await expect(stored.file.read(stored.offset, 2 ** 24)).rejects.toMatchObject({ code: 'media_gone' });
    }
    expect(new Set(came.map(({ stored }) => stored.file)).size).toBe(2);
  });

  it('counts the time of every file from zero', async () => {
    begin();
    mediaSecond = 100;
    record(12);
    writer.interrupt('planned');
    await writer.settled();
    for (const row of rows()) {
      const path = join(archiveDir, recordingPath({ cameraId: 'cam', stream: 'main', startMs: row.startMs }));
      const reader = parse([]);
      const times: number[] = [];
      new FragmentReader({ init: () => {}, fragment: (f) => times.push(f.baseDecodeTime) }).push(await readFile(path));
      expect(reader.init.timescale).toBe(90_000);
      expect(times[0]).toBe(0);
    }
  });

  it('splits a gap when its reason changes, but lets a stall be explained by what follows it', () => {
    begin();
    record(1);
    writer.interrupt('stream_stalled');
    clock.advance(4000);
    writer.interrupt('camera_offline');
    clock.advance(60_000);
    writer.interrupt('auth_failed');
    clock.advance(1000);
    begin();
    record(1);
    const known = gaps();
    expect(known.map((gap) => gap.reason)).toEqual(['camera_offline', 'auth_failed']);
    expect(known[0]!.toMs).toBe(known[1]!.fromMs);
    expect(known[0]!.toMs! - known[0]!.fromMs).toBe(64_000);
    expect(known[1]!.toMs).not.toBeNull();
  });

  it('takes time anew after a jump of the clock, with a gap for it', async () => {
    begin();
    record(2);
    clock.advance(3_600_000);
    record(2);
    writer.interrupt('planned');
    await writer.settled();
    const [before, after] = rows();
    expect(gaps()[0]).toEqual({ fromMs: before!.endMs, toMs: after!.startMs, reason: 'stream_stalled' });
    expect(after!.startMs - before!.endMs).toBeGreaterThan(3_590_000);
  });

  it('goes on without a disk, says so, and records again when it is back', async () => {
    await rename(archiveDir, `${archiveDir}.away`);
    await writeFile(archiveDir, 'no directory');
    begin();
    record(1);
    await vi.waitFor(() => {
      record(1);
      expect(disk).toHaveLength(1);
    });
    await rm(archiveDir);
    await rename(`${archiveDir}.away`, archiveDir);
    await volumes.look();
    clock.advance(6000);
    mediaSecond += 6;
    await vi.waitFor(() => {
      record(1);
      expect(disk).toHaveLength(2);
    });
    expect(disk[1]).toBeNull();
    writer.interrupt('planned');
    await writer.settled();
    expect(rows().length).toBeGreaterThan(0);
    expect(gaps()[0]!.reason).toBe('disk_error');
    expect(gaps()[0]!.toMs).toBe(rows()[0]!.startMs);
  });

  it('shows of an open file what is written', async () => {
    begin();
    record(3);
    await vi.waitFor(() => expect(writer.openRecordings()[0]?.mediaDuration).toBe(75 * frame));
    const [open] = writer.openRecordings();
    const path = join(archiveDir, recordingPath({ cameraId: 'cam', stream: 'main', startMs: open!.startMs }));
    expect((await stat(path)).size).toBe(open!.bytes);
    expect(open!.keyframes).toHaveLength(3);
  });
});

describe('recovery', () => {
  /** What a killed process leaves: files without rows, the last one torn. */
  async function crashWith(tear: (path: string) => Promise<void>): Promise<string> {
    index.setFact('alive_ms', clock.nowMs());
    begin();
    record(13);
    await vi.waitFor(() => expect(writer.openRecordings().at(-1)?.mediaDuration).toBe(75 * frame));
    await vi.waitFor(() => expect(rows()).toHaveLength(1));
    const { startMs } = writer.openRecordings().at(-1)!;
    const path = recordingPath({ cameraId: 'cam', stream: 'main', startMs });
    const copy = join(directory, 'copy.mp4');
    await writeFile(copy, await readFile(join(archiveDir, path)));
    // The writer of this process closes its own file; the killed one's is put back and its row forgotten.
    const second = new ArchiveIndex(join(directory, 'second.sqlite'));
    const stream = second.stream('cam', 'main', startMs - 10_000);
    second.addRecording({ ...rows()[0]!, streamId: stream.id });
    second.setFact('alive_ms', clock.nowMs());
    writer.interrupt('planned');
    await writer.settled();
    await rename(copy, join(archiveDir, path));
    await tear(join(archiveDir, path));
    index.close();
    index = second;
    volumes = await openVolumes(index, clock, [archiveDir]);
    clock.advance(30_000);
    return path;
  }

  it('cuts off a torn tail, indexes the rest, and explains the time since', async () => {
    const path = await crashWith(async (file) => {
      await truncate(file, (await stat(file)).size - 50);
      await appendFile(file, '');
    });
    const report = await recoverArchive(volumes, index, clock, silentLogger);
    expect(report).toMatchObject({ crashed: true, adopted: [{ path }], empty: [] });
    expect(report.adopted[0]!.cutBytes).toBeGreaterThan(0);
    const row = rows().at(-1)!;
    expect(row.endMs - row.startMs).toBe(2800);
    expect((await checkArchive(archiveDir, index, { hashes: true })).differences).toEqual([]);
    expect(gaps()).toEqual([{ fromMs: row.endMs, toMs: null, reason: 'server_crashed' }]);
  });

  it('cuts off foreign bytes at the end', async () => {
    await crashWith((file) => appendFile(file, randomBytes(5000)));
    const report = await recoverArchive(volumes, index, clock, silentLogger);
    expect(report.adopted[0]!.cutBytes).toBe(5000);
    expect(rows().at(-1)!.endMs - rows().at(-1)!.startMs).toBe(3000);
  });

  it('deletes a file without a whole fragment, and leaves hostile names alone', async () => {
    const path = await crashWith((file) => truncate(file, 300));
    await writeFile(join(archiveDir, dirname(path), '../x.mp4'), 'x');
    await writeFile(join(archiveDir, dirname(path), '1.mp4'), 'x');
    const report = await recoverArchive(volumes, index, clock, silentLogger);
    expect(report).toMatchObject({ adopted: [], empty: [path] });
    const { differences } = await checkArchive(archiveDir, index);
    expect(differences.map((difference) => difference.kind)).toEqual(['foreign_file', 'foreign_file']);
  });

  it('changes nothing when it is done twice', async () => {
    await crashWith(async () => {});
    await recoverArchive(volumes, index, clock, silentLogger);
    const before = [rows(), gaps()];
    expect((await recoverArchive(volumes, index, clock, silentLogger)).adopted).toEqual([]);
    expect([rows(), gaps().map((gap) => gap.reason)]).toEqual([before[0], ['server_crashed']]);
  });
});

describe('cleaning', () => {
  it('deletes files past their retention, never held ones, and leaves one gap for neighbours', async () => {
    begin();
    record(45);
    writer.interrupt('planned');
    await writer.settled();
    const files = rows();
    index.putHold({
      owner: 'incident:1',
      cameraId: 'cam',
      fromMs: files[2]!.startMs + 5000,
      toMs: files[2]!.startMs + 6000,
    });
    clock.advance(10 * dayMs);
    const rules = { keepMs: dayMs, quotaBytes: null };
    expect(await new Cleaner(volumes, index, rules, clock, silentLogger).clean()).toBe(4);
    expect(rows().map((row) => row.startMs)).toEqual([files[2]!.startMs]);
    expect((await checkArchive(archiveDir, index, { hashes: true })).differences).toEqual([]);
    const stream = index.findStream('cam', 'main')!;
    const timeline = buildTimeline(
      { spans: rows(), gaps: gaps(), sinceMs: stream.sinceMs, untilMs: clock.nowMs() },
      files[0]!.startMs,
      files[4]!.endMs,
    );
    expect(timeline.gaps).toEqual([
      { from: files[0]!.startMs, to: files[2]!.startMs, reason: 'policy_deleted' },
      { from: files[2]!.endMs, to: files[4]!.endMs, reason: 'policy_deleted' },
    ]);
    index.dropHolds('incident:1');
    expect(await new Cleaner(volumes, index, rules, clock, silentLogger).clean()).toBe(1);
    expect(index.totals()).toMatchObject({ files: 0, bytes: 0, oldestMs: null });
  });

  it('tells what went today, and why', async () => {
    begin();
    record(45);
    writer.interrupt('planned');
    await writer.settled();
    const files = rows();
    const today = () => volumes.health()[0]!.deletedToday;
    const bytes = (of: typeof files) => of.reduce((sum, row) => sum + row.bytes, 0);
    clock.advance(2 * dayMs);
    const quotaBytes = bytes(files) - 1;
    await new Cleaner(volumes, index, { keepMs: 9 * dayMs, quotaBytes }, clock, silentLogger).clean();
    const keepMs = clock.nowMs() - files[2]!.endMs;
    await new Cleaner(volumes, index, { keepMs, quotaBytes: null }, clock, silentLogger).clean();
    expect(today()).toEqual({
      quota: { files: 1, bytes: files[0]!.bytes },
      age: { files: 2, bytes: bytes(files.slice(1, 3)) },
      room: { files: 0, bytes: 0 },
    });
    clock.advance(dayMs);
    expect(Object.values(today()).map(({ files: count }) => count)).toEqual([0, 0, 0]);
    expect(volumes.health()[0]).toMatchObject({ deletedFiles: 3 });
  });

  it('keeps a stream with days of its own for those, fewer or more than the others are kept', async () => {
    begin();
    record(45);
    writer.interrupt('planned');
    await writer.settled();
    const files = rows();
    let own: number | undefined = 30 * dayMs;
    const rules = { keepMs: 10 * dayMs, quotaBytes: null, keepMsOf: () => own };
    const cleaner = new Cleaner(volumes, index, rules, clock, silentLogger);
    clock.advance(20 * dayMs);
    expect(await cleaner.clean()).toBe(0);
    expect(rows()).toEqual(files);

    // Fewer days than before count from the next pass on, whether of its own or the others' again.
    own = clock.nowMs() - files[0]!.endMs;
    expect(await cleaner.clean()).toBe(1);
    own = undefined;
    expect(await cleaner.clean()).toBe(files.length - 1);
  });

  it('takes a stream with fewer days than the others by those, and nothing that is still within them', async () => {
    begin();
    record(45);
    writer.interrupt('planned');
    await writer.settled();
    const files = rows();
    let own: number | undefined;
    const rules = { keepMs: 60 * dayMs, quotaBytes: null, keepMsOf: () => own };
    clock.advance(20 * dayMs);
    const shorter = new Cleaner(volumes, index, rules, clock, silentLogger);
    expect(await shorter.clean()).toBe(0);
    own = clock.nowMs() - files[2]!.endMs;
    expect(await shorter.clean()).toBe(3);
    expect(rows().map((row) => row.startMs)).toEqual(files.slice(3).map((row) => row.startMs));
  });

  it('comes to every file, however many begin in the same ms, and whether the first of them are held', async () => {
    const startMs = clock.nowMs() - 20 * dayMs;
    const cameras = Array.from({ length: 501 }, (_, i) => `cam-${String(i).padStart(3, '0')}`);
    for (const [i, cameraId] of cameras.entries()) {
      const { id: streamId } = index.stream(cameraId, 'main', startMs);
      index.addRecording({
        ...{ streamId, startMs, endMs: startMs + 1000, bytes: 1, initBytes: 1, initId: 'x', timescale: 1 },
        ...{ mediaDuration: 1, codec: 'avc1', width: 1, height: 1, sha256: new Uint8Array(32), clock: 'ok' },
        keyframes: new Uint8Array(),
      });
      // More than a page of them.
      if (i < 300) index.putHold({ owner: 'incident:1', cameraId, fromMs: startMs, toMs: startMs + 1 });
    }
    expect(index.oldestOn(1, -1, clock.nowMs(), 200)).toHaveLength(501);
    expect(index.hashesAfter(1, -1, clock.nowMs(), 200)).toHaveLength(501);
    const byAge = new Cleaner(volumes, index, { keepMs: dayMs, quotaBytes: null }, clock, silentLogger);
    expect(await byAge.clean()).toBe(201);
    index.dropHolds('incident:1');
    for (const cameraId of cameras.slice(0, 250)) {
      index.putHold({ owner: 'incident:2', cameraId, fromMs: startMs, toMs: startMs + 1 });
    }
    const byQuota = new Cleaner(volumes, index, { keepMs: 90 * dayMs, quotaBytes: 250 }, clock, silentLogger);
    expect(await byQuota.clean()).toBe(50);
    expect(index.totals().files).toBe(250);
  });

  it('finishes what a killed run had marked', async () => {
    begin();
    record(11);
    writer.interrupt('planned');
    await writer.settled();
    const [first] = rows();
    index.markDeleting(first!.streamId, first!.startMs);
    expect(rows()).toHaveLength(1);
    const rules = { keepMs: dayMs, quotaBytes: null };
    expect(await new Cleaner(volumes, index, rules, clock, silentLogger).clean()).toBe(1);
    expect((await checkArchive(archiveDir, index)).differences).toEqual([]);
  });
});

describe('the index', () => {
  it('finds what overlaps a stretch, however the stretch lies', () => {
    const { id } = index.stream('cam', 'main', 0);
    for (const startMs of [1000, 2000, 5000]) {
      index.addRecording({
        ...{
          streamId: id,
          startMs,
          endMs: startMs + 1000,
          bytes: 1,
          initBytes: 1,
          initId: 'x',
          timescale: 1,
          mediaDuration: 1,
        },
        ...{ codec: 'avc1', width: 1, height: 1, sha256: new Uint8Array(32), clock: 'ok', keyframes: new Uint8Array() },
      });
    }
    const starts = (from: number, to: number) => index.spans(id, from, to).map((span) => span.startMs);
    expect(starts(0, 9000)).toEqual([1000, 2000, 5000]);
    expect(starts(1500, 2001)).toEqual([1000, 2000]);
    expect(starts(2000, 5000)).toEqual([2000]);
    expect(starts(3000, 5000)).toEqual([]);
    expect(starts(5999, 6000)).toEqual([5000]);
    expect(index.totals()).toEqual({ files: 3, bytes: 3, oldestMs: 1000 });
  });
});
