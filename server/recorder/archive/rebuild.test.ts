import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frame, initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { type ManualClock, manualClock } from '../../../test/support/manual-clock.ts';
import { openVolumes } from '../../../test/support/volumes.ts';
import { silentLogger } from '../../platform/log.ts';
import { type Fragment, FragmentReader } from '../fmp4/fragment-reader.ts';
import { ArchiveIndex } from './archive-index.ts';
import { ArchiveWatch } from './archive-watch.ts';
import { checkArchive } from './check.ts';
import { Cleaner } from './cleaner.ts';
import { lookForFiles, mostAreMissing } from './missing-files.ts';
import { openIndex } from './open-index.ts';
import { recordingPath } from './paths.ts';
import { rebuildIndex } from './rebuild.ts';
import { recoverArchive } from './recovery.ts';
import { archiveRoots } from './roots.ts';
import { lastDueMs, SelfChecker } from './self-check.ts';
import { StreamWriter } from './stream-writer.ts';

let dataDir: string;
let archiveDir: string;
let clock: ManualClock;
let startMs: number;
const seconds = 1000;
const everything = [0, Number.MAX_SAFE_INTEGER] as const;

const database = () => join(dataDir, 'archive.sqlite');
const fileOf = (fileStartMs: number) =>
  join(archiveDir, recordingPath({ cameraId: 'cam', stream: 'main', startMs: fileStartMs }));

/** 25 s, a gap of a minute, and 15 s more, in files of 10 s; the hold is on the first file. */
async function fillArchive(): Promise<void> {
  const index = new ArchiveIndex(database());
  const writer = new StreamWriter({
    ...{
      volumes: await openVolumes(index, clock, [archiveDir]),
      index,
      cameraId: 'cam',
      stream: 'main',
      clock,
      log: silentLogger,
      fileMs: 10 * seconds,
    },
    onFileClosed: () => {},
    onGapClosed: () => {},
    onDisk: () => {},
  });
  const record = (count: number) => {
    const fragments: Fragment[] = [];
    const reader = new FragmentReader({
      init: (init) => writer.begin(init),
      fragment: (fragment) => fragments.push(fragment),
    });
    for (const chunk of [initSegment(), ...secondsOf(count, 25 * frame)]) reader.push(chunk);
    for (const fragment of fragments) {
      clock.advance(200);
      writer.fragment(fragment);
    }
  };
  record(25);
  writer.interrupt('network');
  clock.advance(60 * seconds);
  record(15);
  writer.interrupt('server_stopped');
  await writer.settled();
  index.putHold({ owner: 'incident:1', cameraId: 'cam', fromMs: startMs, toMs: startMs + 1 });
  index.setFact('alive_ms', clock.nowMs());
  index.close();
}

/** What the index says of the stream, apart from its row numbers. */
function contents() {
  const index = new ArchiveIndex(database(), { readOnly: true });
  try {
    const stream = index.findStream('cam', 'main')!;
    return {
      sinceMs: stream.sinceMs,
      recordings: index.recordings(stream.id, ...everything).map(({ streamId: _, ...row }) => row),
      gaps: index.gaps(stream.id, ...everything),
      held: index.isHeld('cam', startMs, startMs + 1),
      totals: index.totals(),
    };
  } finally {
    index.close();
  }
}

const starts = () => contents().recordings.map((row) => row.startMs);

async function differences(options: { hashes?: boolean } = { hashes: true }) {
  const index = new ArchiveIndex(database(), { readOnly: true });
  try {
    return (await checkArchive(archiveDir, index, options)).differences;
  } finally {
    index.close();
  }
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rebuild-'));
  archiveDir = join(dataDir, 'archive');
  await mkdir(archiveDir);
  clock = manualClock();
  startMs = clock.nowMs();
  await fillArchive();
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

describe('the check', () => {
  it('names every kind of difference, and follows no link', async () => {
    const [missing, longer, changed, notAFile, unindexed] = starts();
    await unlink(fileOf(missing!));
    await appendFile(fileOf(longer!), 'x');
    const bytes = await readFile(fileOf(changed!));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(fileOf(changed!), bytes);
    await unlink(fileOf(notAFile!));
    await mkdir(fileOf(notAFile!));
    const index = new ArchiveIndex(database());
    index.dropRecording(index.findStream('cam', 'main')!.id, unindexed!, 'unknown');
    index.close();
    await writeFile(join(archiveDir, 'cam', 'main', '\u202e..%2f\n.mp4'), '');
    await symlink('/', join(archiveDir, 'root'));
    const found = (await differences()).map(({ kind, path }) => `${kind} ${path.split('/').at(-1)}`);
    expect(found.sort()).toEqual(
      [
        `file_missing ${missing}.mp4`,
        `size_differs ${longer}.mp4`,
        `hash_differs ${changed}.mp4`,
        `unreadable ${notAFile}.mp4`,
        `row_missing ${unindexed}.mp4`,
        'foreign_file \u202e..%2f\n.mp4',
        'foreign_file root',
      ].sort(),
    );
  });
});

describe('an index made anew', () => {
  it('says the same as the old one when that can be read', async () => {
    const before = contents();
    const report = await rebuildIndex(dataDir, archiveDir, clock, silentLogger);
    expect(contents()).toEqual(before);
    expect(report).toMatchObject({ files: 5, rows: 5, holds: 1, unreadable: [] });
    expect(await differences()).toEqual([]);
    expect(await readdir(dataDir)).toContain(report.keptAs!.split('/').at(-1));
  });

  it('finds from the files alone what was recorded when', async () => {
    const before = contents();
    await unlink(database());
    await rebuildIndex(dataDir, archiveDir, clock, silentLogger);
    const after = contents();
    expect(after.recordings.map(({ sha256, ...row }) => [row, Buffer.from(sha256).toString('hex')])).toEqual(
      before.recordings.map(({ sha256, ...row }) => [row, Buffer.from(sha256).toString('hex')]),
    );
    expect(after.sinceMs).toBe(before.recordings[0]!.startMs);
    expect(await differences()).toEqual([]);
  });

  it('keeps the hash at the time of recording, so that a changed file is not taken for a true one', async () => {
    const [first] = starts();
    const bytes = await readFile(fileOf(first!));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(fileOf(first!), bytes);
    await rebuildIndex(dataDir, archiveDir, clock, silentLogger);
    expect((await differences()).map(({ kind }) => kind)).toEqual(['hash_differs']);
  });

  it('takes over unseen what lies on a volume that is not there', async () => {
    const [first] = contents().recordings;
    const index = new ArchiveIndex(database());
    const volumeId = index.addVolume('6e1f7f2e-0d51-4b8e-8f5b-0a3ff1b3c001', 'away');
    const { id } = index.findStream('cam', 'main')!;
    const away = { ...first!, streamId: id, volumeId, startMs: startMs - 60 * seconds, endMs: startMs - 50 * seconds };
    index.addRecording(away);
    index.close();
    const before = contents();
    const report = await rebuildIndex(dataDir, [archiveDir], clock, silentLogger);
    expect(report).toMatchObject({ files: 5, rows: 6 });
    const after = contents();
    expect(after.recordings.map((row) => row.startMs)).toEqual(before.recordings.map((row) => row.startMs));
    const rebuilt = new ArchiveIndex(database(), { readOnly: true });
    try {
      expect(rebuilt.volumes().map(({ name, files }) => [name, files])).toEqual([
        ['volume-1', 5],
        ['away', 1],
      ]);
      const check = await checkArchive(await archiveRoots(rebuilt, [archiveDir]), rebuilt, { hashes: true });
      expect(check).toMatchObject({ files: 5, rows: 6, offline: 1, differences: [] });
    } finally {
      rebuilt.close();
    }
  });

  it('leaves out a file in which nothing is whole, and names it', async () => {
    const [first] = starts();
    await truncate(fileOf(first!), 100);
    const report = await rebuildIndex(dataDir, archiveDir, clock, silentLogger);
    expect(report.unreadable).toHaveLength(1);
    expect((await differences()).map(({ kind }) => kind)).toEqual(['row_missing']);
  });

  it('takes its place also when the process was killed between the two steps of the swap', async () => {
    const before = contents();
    await rebuildIndex(dataDir, archiveDir, clock, silentLogger);
    await writeFile(`${database()}.ready`, await readFile(database()));
    await unlink(database());
    const { index, rebuilt } = await openIndex(dataDir, archiveDir, clock, silentLogger);
    index.close();
    expect(rebuilt).toBeNull();
    expect(contents()).toEqual(before);
  });
});

describe('an index at start', () => {
  it('is opened as it is when it is whole', async () => {
    const { index, rebuilt } = await openIndex(dataDir, archiveDir, clock, silentLogger);
    index.close();
    expect(rebuilt).toBeNull();
  });

  it.each([
    ['overwritten from its beginning', 0],
    ['damaged within', 4096 * 2],
  ])('that is %s is kept aside and made anew', async (_name, offset) => {
    const before = contents();
    const bytes = await readFile(database());
    bytes.fill(0xa5, offset, offset + 4096 * 3);
    await writeFile(database(), bytes);
    const { index, rebuilt } = await openIndex(dataDir, archiveDir, clock, silentLogger);
    try {
      expect(rebuilt).not.toBeNull();
      expect(rebuilt!.report.holdsLost).toBe(!index.isHeld('cam', startMs, startMs + 1));
      await recoverArchive(await openVolumes(index, clock, [archiveDir]), index, clock, silentLogger);
      const { id } = index.findStream('cam', 'main')!;
      expect(index.spans(id, ...everything)).toEqual(
        before.recordings.map(({ startMs, endMs }) => ({ startMs, endMs })),
      );
      expect(index.currentGap(id)?.fromMs).toBe(before.recordings.at(-1)!.endMs);
    } finally {
      index.close();
    }
    expect(await readFile(rebuilt!.report.keptAs!)).toEqual(bytes);
    expect(await differences()).toEqual([]);
  });

  it('that another program has locked for a moment is waited for', async () => {
    const other = new DatabaseSync(database());
    other.exec('BEGIN EXCLUSIVE');
    // Comes to its turn once the first attempt has failed.
    setTimeout(() => other.close(), 100);
    const { index, rebuilt } = await openIndex(dataDir, archiveDir, clock, silentLogger);
    index.close();
    expect(rebuilt).toBeNull();
  });

  it('that another program keeps locked is made anew, holds included', async () => {
    const before = contents();
    const other = new DatabaseSync(database());
    other.exec('BEGIN IMMEDIATE');
    try {
      const { index, rebuilt } = await openIndex(dataDir, archiveDir, clock, silentLogger);
      index.close();
      expect(rebuilt?.reason).toMatch(/locked/);
    } finally {
      other.close();
    }
    expect(contents()).toEqual(before);
  });
});

describe('an index of which nothing could be read', () => {
  it('deletes nothing until what must stay is held again, also over a restart', async () => {
    await writeFile(database(), Buffer.alloc(20_000, 0x5a));
    const opened = await openIndex(dataDir, archiveDir, clock, silentLogger);
    const { index } = opened;
    try {
      expect(opened.rebuilt?.report.holdsLost).toBe(true);
      clock.advance(86_400 * seconds * 40);
      const volumes = await openVolumes(index, clock, [archiveDir]);
      const rules = { keepMs: seconds, quotaBytes: null };
      const watched = async (rebuilt: typeof opened.rebuilt) => {
        const cleaner = new Cleaner(volumes, index, rules, clock, silentLogger);
        const roots = () => volumes.roots();
        const watch = new ArchiveWatch({ dataDir, roots, index, clock, log: silentLogger, cleaner, rebuilt });
        await watch.lookForFiles();
        const raised: string[] = [];
        await watch.start({ raise: (code) => raised.push(code), clear: () => {}, isOpen: () => false });
        await watch.stop();
        return { cleaner, watch, raised };
      };
      const first = await watched(opened.rebuilt);
      expect(await first.cleaner.clean()).toBe(0);
      const { cleaner, watch, raised } = await watched(null);
      expect(raised).toEqual(['archive_index_rebuilt']);
      expect(await cleaner.clean()).toBe(0);
      index.putHold({ owner: 'incident:1', cameraId: 'cam', fromMs: startMs, toMs: startMs + 1 });
      watch.holdsKnown();
      expect(await cleaner.clean()).toBe(4);
      expect((await watched(null)).raised).toEqual([]);
    } finally {
      index.close();
    }
  });

  it('is made anew when it is gone and recordings are there, and is simply new when there are none', async () => {
    await unlink(database());
    const { index, rebuilt } = await openIndex(dataDir, archiveDir, clock, silentLogger);
    expect(index.totals().files).toBe(5);
    index.close();
    expect(rebuilt?.report).toMatchObject({ rows: 5, holdsLost: true, keptAs: null });
    const empty = join(dataDir, 'empty');
    await mkdir(empty);
    const fresh = await openIndex(empty, empty, clock, silentLogger);
    fresh.index.close();
    expect(fresh.rebuilt).toBeNull();
  });
});

describe('files that are missing in number', () => {
  it('stop all deletion until they are back', async () => {
    const [a, b, c] = starts();
    const index = new ArchiveIndex(database());
    try {
      await unlink(fileOf(a!));
      await unlink(fileOf(b!));
      expect(mostAreMissing(await lookForFiles(archiveDir, index))).toBe(false);
      await unlink(fileOf(c!));
      const found = await lookForFiles(archiveDir, index);
      expect(found).toEqual({ looked: 5, missing: 3 });
      expect(mostAreMissing(found)).toBe(true);
      clock.advance(86_400 * seconds * 40);
      const rules = { keepMs: seconds, quotaBytes: null };
      const cleaner = new Cleaner(await openVolumes(index, clock, [archiveDir]), index, rules, clock, silentLogger);
      cleaner.stopped = true;
      expect(await cleaner.clean()).toBe(0);
      expect(index.totals().files).toBe(5);
    } finally {
      index.close();
    }
  });

  it('are none in an archive that is empty', () => {
    expect(mostAreMissing({ looked: 0, missing: 0 })).toBe(false);
  });
});

describe('the self-check', () => {
  it('reads a share of the hashes each time, begins anew at the end, and its result outlives a restart', async () => {
    const [first, , , , last] = starts();
    const flip = async (fileStartMs: number) => {
      const bytes = await readFile(fileOf(fileStartMs));
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(fileOf(fileStartMs), bytes);
      return bytes.length;
    };
    const size = await flip(first!);
    await flip(last!);
    const index = new ArchiveIndex(database());
    const limits = { hashBytes: size * 1.5, bytesPerSecond: 1e12, entriesAtOnce: 1 };
    const roots = () => [{ volumeId: 1, path: archiveDir }];
    const parts = { dataDir, roots, index, clock, log: silentLogger, limits, isOpen: () => false };
    try {
      const checker = new SelfChecker(parts);
      const run = async (one: SelfChecker) => {
        await one.run(new AbortController().signal);
        return { hashed: one.result!.hashed, kinds: one.result!.kinds, to: one.result!.hashedUntilMs };
      };
      clock.advance(seconds);
      expect(await run(checker)).toEqual({ hashed: 2, kinds: { hash_differs: 1 }, to: starts()[1] });
      const next = new SelfChecker(parts);
      await next.load();
      expect(next.result).toEqual(checker.result);
      // The third and fourth file are whole; the last one ends the round.
      expect((await run(next)).kinds).toEqual({});
      const { kinds, to } = await run(next);
      expect([kinds, to]).toEqual([{ hash_differs: 1 }, null]);
    } finally {
      index.close();
    }
  });

  it('is due once a night', () => {
    const night = Date.UTC(2026, 10, 24, 19);
    expect(lastDueMs(night)).toBe(night);
    expect(lastDueMs(night - 1)).toBe(night - 86_400_000);
    expect(lastDueMs(night + 86_399_999)).toBe(night);
  });
});
