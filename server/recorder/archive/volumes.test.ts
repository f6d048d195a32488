import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frame, initSegment, secondsOf } from '../../../test/support/fmp4-fixture.ts';
import { type ManualClock, manualClock } from '../../../test/support/manual-clock.ts';
import { canMount, mountTmpfs, unmount } from '../../../test/support/mounts.ts';
import { openVolumes, type TestVolume } from '../../../test/support/volumes.ts';
import type { StreamName } from '../../contracts/common.ts';
import { silentLogger } from '../../platform/log.ts';
import { type Fragment, FragmentReader } from '../fmp4/fragment-reader.ts';
import { completenessOf } from '../playback/completeness.ts';
import { buildTimeline } from '../playback/timeline.ts';
import { ArchiveIndex } from './archive-index.ts';
import { checkArchive } from './check.ts';
import { Cleaner } from './cleaner.ts';
import { type ArchiveFiles, systemFiles } from './files.ts';
import { recordingPath } from './paths.ts';
import { adoptLeftovers } from './recovery.ts';
import { StreamWriter } from './stream-writer.ts';
import type { Volumes } from './volumes.ts';

const mebibyte = 2 ** 20;
const dayMs = 24 * 3_600_000;
/** Of a fragment; a second of media is five times as much. */
const payload = 20_000;

let directory: string;
let index: ArchiveIndex;
let clock: ManualClock;
let volumes: Volumes;
const writers: StreamWriter[] = [];
const mounted = new Set<string>();

function mount(path: string, bytes: number): void {
  mountTmpfs(path, bytes);
  mounted.add(path);
}

async function folder(name: string): Promise<string> {
  const path = join(directory, name);
  await mkdir(path);
  return path;
}

async function open(...declared: (string | TestVolume)[]): Promise<void> {
  volumes = await openVolumes(index, clock, declared);
}

/** One stream that is given a second of media at a time. */
class Stream {
  readonly writer: StreamWriter;
  readonly cameraId: string;
  readonly startMs = clock.nowMs();
  #second = 0;

  constructor(cameraId = 'cam', stream: StreamName = 'main') {
    this.cameraId = cameraId;
    this.writer = new StreamWriter({
      ...{ volumes, index, cameraId, stream, clock, log: silentLogger, fileMs: 5000 },
      onFileClosed: () => {},
      onGapClosed: () => {},
      onDisk: () => {},
    });
    writers.push(this.writer);
  }

  /** The fragments of its next second; a run begins with the first. */
  next(): Fragment[] {
    const fragments: Fragment[] = [];
    const reader = new FragmentReader({
      init: (init) => {
        if (this.#second === 0) this.writer.begin(init);
      },
      fragment: (fragment) => fragments.push(fragment),
    });
    for (const chunk of [initSegment(), ...secondsOf(1, this.#second * 25 * frame, payload)]) reader.push(chunk);
    this.#second += 1;
    return fragments;
  }

  async seconds(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await second(this);
  }

  /** Another run begins. */
  again(): void {
    this.#second = 0;
  }

  async end(): Promise<void> {
    this.writer.interrupt('planned');
    await this.writer.settled();
  }

  /** Names of the volumes that its recordings lie on, in order of time, each once in a row. */
  where(): string[] {
    const names = new Map(volumes.all.map((volume) => [volume.id, volume.name]));
    return this.rows()
      .map((row) => names.get(row.volumeId) ?? '?')
      .filter((name, i, all) => name !== all[i - 1]);
  }

  rows() {
    const row = index.findStream(this.cameraId, 'main');
    return row === null ? [] : index.recordings(row.id, 0, Number.MAX_SAFE_INTEGER);
  }

  timeline() {
    const row = index.findStream(this.cameraId, 'main')!;
    const untilMs = clock.nowMs();
    const open = this.writer.openRecordings();
    const input = {
      spans: [...this.rows(), ...open],
      gaps: index.gaps(row.id, 0, untilMs),
      sinceMs: row.sinceMs,
      untilMs,
    };
    return buildTimeline(input, this.startMs, untilMs);
  }

  reasons(): string[] {
    return this.timeline()
      .gaps.map((gap) => gap.reason)
      .filter((reason) => reason !== 'schedule' && reason !== 'planned');
  }

  /** The rule of the archive: recorded + explained = scheduled. */
  expectNothingUnexplained(): void {
    const account = completenessOf(this.timeline(), this.startMs, clock.nowMs());
    const explained = Object.values(account.explainedMs).reduce((sum, ms) => sum + ms, 0);
    expect(account.unexplainedMs).toBe(0);
    expect(account.recordedMs + explained).toBe(account.scheduledMs);
    expect(account.recordedMs).toBeGreaterThan(0);
  }
}

/** Hands over one second of each stream as it would arrive, and lets the disk have it. */
async function second(...streams: Stream[]): Promise<void> {
  const all = streams.map((stream) => ({ stream, fragments: stream.next() }));
  for (let i = 0; i < 5; i += 1) {
    clock.advance(200);
    for (const { stream, fragments } of all) stream.writer.fragment(fragments[i]!);
    await settle();
  }
}

/** The way to the disk and back that a new file takes; who needs it written waits for that. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await stat(directory);
  await writeFile(join(directory, 'settle'), Buffer.alloc(payload));
}

/** Gives media until the condition holds. */
async function recordUntil(stream: Stream, condition: () => boolean, ...others: Stream[]): Promise<void> {
  await vi.waitFor(
    async () => {
      await second(stream, ...others);
      expect(condition()).toBe(true);
    },
    { timeout: 20_000, interval: 5 },
  );
}

const alarms = () => volumes.alarms.map(({ code, volume }) => `${code} ${volume ?? ''}`.trim()).sort();
const openOn = (stream: Stream) => {
  const id = stream.writer.openRecordings().at(-1)?.volumeId;
  return volumes.all.find((volume) => volume.id === id)?.name ?? null;
};

async function differences() {
  return (await checkArchive(volumes.roots(), index, { hashes: true })).differences;
}

/** A file system on which one operation fails while the test says so. */
function failing() {
  const state = { write: null as string | null, sync: null as string | null, below: '' };
  const refuse = (code: string) => Object.assign(new Error(`${code}: refused by the test`), { code });
  const files: ArchiveFiles = {
    ...systemFiles,
    async open(path, flags, mode) {
      const handle = await systemFiles.open(path, flags, mode);
      if (!path.startsWith(state.below)) return handle;
      const { writev, sync } = handle;
      handle.writev = ((...args: Parameters<typeof writev>) =>
        state.write === null ? writev.apply(handle, args) : Promise.reject(refuse(state.write))) as typeof writev;
      handle.sync = () => (state.sync === null ? sync.call(handle) : Promise.reject(refuse(state.sync)));
      return handle;
    },
  };
  return { state, files };
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'volumes-'));
  index = new ArchiveIndex(join(directory, 'archive.sqlite'));
  clock = manualClock();
});

afterEach(async () => {
  for (const writer of writers.splice(0)) {
    writer.interrupt('planned');
    await writer.settled();
  }
  index.close();
  for (const path of mounted) unmount(path);
  mounted.clear();
  await rm(directory, { recursive: true, force: true });
});

describe('a volume', () => {
  it('gets its identity when it is taken in empty, and is known by it under another path', async () => {
    const path = await folder('disk');
    await open({ path, name: 'disk' });
    const { id } = JSON.parse(await readFile(join(path, 'lienthong-volume.json'), 'utf8'));
    expect(index.volumes()).toEqual([{ id: 1, uuid: id, name: 'disk', files: 0, bytes: 0 }]);
    await rename(path, join(directory, 'moved'));
    await open({ path: join(directory, 'moved'), name: 'disk' });
    expect(volumes.all[0]!.offlineReason).toBeNull();
    expect(index.volumes()).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')(
    'is readable for the account of the server alone, also one that was not before',
    async () => {
      const path = await folder('disk');
      await chmod(path, 0o755);
      await open(path);
      const stream = new Stream();
      await stream.seconds(12);
      await stream.end();
      const modes = async () => {
        const found = await readdir(path, { recursive: true });
        const stats = await Promise.all(['', ...found].map((name) => stat(join(path, name))));
        return new Set(stats.map((each) => `${each.isFile() ? 'file' : 'folder'} ${(each.mode & 0o777).toString(8)}`));
      };
      expect(await modes()).toEqual(new Set(['folder 700', 'file 600']));
      await chmod(path, 0o755);
      await open(path);
      expect(await modes()).toEqual(new Set(['folder 700', 'file 600']));
    },
  );

  it('is refused when something else lies in it', async () => {
    const path = await folder('disk');
    await writeFile(join(path, 'letters.txt'), '');
    await open(path);
    expect(volumes.all[0]!.offlineReason).toBe('not_empty');
    expect(await readdir(path)).toEqual(['letters.txt']);
  });

  it('takes in the archive of a time before volumes, with its recordings', async () => {
    const path = await folder('disk');
    await open(path);
    const stream = new Stream();
    await stream.seconds(12);
    await stream.end();
    const files = stream.rows().length;
    index.close();
    // What such an archive has: no identity, and no table of volumes with a row in it.
    await unlink(join(path, 'lienthong-volume.json'));
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(directory, 'archive.sqlite'));
    database.exec('DELETE FROM volume');
    database.close();
    index = new ArchiveIndex(join(directory, 'archive.sqlite'));
    await open(path);
    expect(volumes.all[0]!.online).toBe(true);
    expect(index.volumes()).toMatchObject([{ id: 1, files }]);
  });

  it('is offline while another volume is in its place, and while its place is empty', async () => {
    const [one, two] = [await folder('one'), await folder('two')];
    await open(one, two);
    await rename(one, join(directory, 'x'));
    await rename(two, one);
    await rename(join(directory, 'x'), two);
    await volumes.look();
    expect(volumes.all.map((volume) => volume.offlineReason)).toEqual(['identity_foreign', 'identity_foreign']);
    await rename(one, join(directory, 'x'));
    await mkdir(one);
    await volumes.look();
    expect(volumes.all[0]!.offlineReason).toBe('identity_missing');
    expect(await readdir(one)).toEqual([]);
    expect(alarms()).toEqual(['volume_offline volume-1', 'volume_offline volume-2']);
  });
});

describe('files go to the volumes in their declared order', () => {
  it('to the first until it is near its limit, then to the next, and back when there is room', async () => {
    const [one, two] = [await folder('one'), await folder('two')];
    await open({ path: one, limitBytes: 2 * mebibyte, reserveBytes: mebibyte }, two);
    const stream = new Stream();
    await recordUntil(stream, () => openOn(stream) === 'volume-2');
    await stream.end();
    expect(stream.where()).toEqual(['volume-1', 'volume-2']);
    expect(stream.reasons()).toEqual([]);
    expect(volumes.all[0]!.space.usedBytes).toBeLessThan(2 * mebibyte);
    await open({ path: one, limitBytes: 20 * mebibyte, reserveBytes: mebibyte }, two);
    const later = new Stream('cam-2');
    await recordUntil(later, () => openOn(later) === 'volume-1');
    await later.end();
    expect(await differences()).toEqual([]);
  });
});

describe('retention by room', () => {
  const rules = { keepMs: 30 * dayMs, quotaBytes: null };

  it('lets the oldest footage of all cameras go before the limit is reached, and says so in the gap', async () => {
    const path = await folder('disk');
    await open({ path, limitBytes: 4 * mebibyte, reserveBytes: mebibyte });
    const cleaner = new Cleaner(volumes, index, rules, clock, silentLogger);
    const [first, other] = [new Stream('first'), new Stream('second')];
    for (let i = 0; i < 60; i += 1) {
      await second(first, other);
      await volumes.look();
      await cleaner.makeRoom();
      expect(volumes.all[0]!.space.usedBytes).toBeLessThan(4 * mebibyte);
    }
    await Promise.all([first.end(), other.end()]);
    expect(new Set(first.reasons())).toEqual(new Set(['policy_deleted']));
    expect(new Set(other.reasons())).toEqual(new Set(['policy_deleted']));
    const oldest = [first, other].map((stream) => stream.rows()[0]!.startMs);
    expect(Math.abs(oldest[0]! - oldest[1]!)).toBeLessThan(15_000);
    first.expectNothingUnexplained();
    expect(await differences()).toEqual([]);
    expect(volumes.health()[0]).toMatchObject({ state: 'roomy', deletedFiles: expect.any(Number) });
    expect(volumes.health()[0]!.deletedFiles).toBeGreaterThan(0);
    expect(alarms()).toEqual([]);
  });

  it('deletes nothing while another volume has room', async () => {
    const [one, two] = [await folder('one'), await folder('two')];
    await open({ path: one, limitBytes: 2 * mebibyte, reserveBytes: mebibyte }, two);
    const cleaner = new Cleaner(volumes, index, rules, clock, silentLogger);
    const stream = new Stream();
    await recordUntil(stream, () => openOn(stream) === 'volume-2');
    await volumes.look();
    expect(volumes.all[0]!.room).not.toBe('roomy');
    expect(await cleaner.makeRoom()).toBe(0);
  });

  it('stops recording with an alarm when all of it is held, and goes on by itself when it may delete again', async () => {
    const path = await folder('disk');
    await open({ path, limitBytes: 2 * mebibyte, reserveBytes: mebibyte });
    const cleaner = new Cleaner(volumes, index, rules, clock, silentLogger);
    index.putHold({ owner: 'incident:1', cameraId: 'cam', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
    const stream = new Stream();
    const pass = async () => {
      await volumes.look();
      await cleaner.makeRoom();
      await volumes.look();
    };
    await vi.waitFor(async () => {
      await second(stream);
      await pass();
      expect(alarms()).toEqual(['archive_full']);
    }, 20_000);
    const held = stream.rows().length;
    await stream.seconds(8);
    expect(stream.writer.openRecordings()).toEqual([]);
    expect(stream.reasons()).toEqual(['disk_full']);
    expect(stream.rows().length).toBeGreaterThanOrEqual(held);
    expect(index.gaps(1, 0, clock.nowMs()).some((gap) => gap.reason === 'policy_deleted')).toBe(false);

    index.dropHolds('incident:1');
    await vi.waitFor(async () => {
      await pass();
      await second(stream);
      expect(openOn(stream)).toBe('volume-1');
    }, 20_000);
    expect(alarms()).toEqual([]);
    stream.expectNothingUnexplained();
    await stream.end();
    expect(await differences()).toEqual([]);
  });
});

describe('a volume that fails', () => {
  it.each([
    ['write', 'EIO', 'disk_error'],
    ['write', 'EROFS', 'disk_error'],
    ['write', 'ENOSPC', 'disk_full'],
    ['sync', 'EIO', 'disk_error'],
  ] as const)(
    'on %s with %s leaves the recording to the other, and is used again when it works',
    async (step, code, reason) => {
      const [one, two] = [await folder('one'), await folder('two')];
      const { state, files } = failing();
      state.below = one;
      volumes = await openVolumes(index, clock, [one, two], files);
      const [stream, other] = [new Stream(), new Stream('other')];
      await recordUntil(stream, () => openOn(stream) === 'volume-1' && openOn(other) === 'volume-1', other);

      state[step] = code;
      await recordUntil(stream, () => openOn(stream) === 'volume-2' && openOn(other) === 'volume-2', other);
      await volumes.look();
      expect(alarms()).toEqual([`${reason} volume-1`]);
      expect(volumes.all[0]!.online).toBe(true);

      state[step] = null;
      await volumes.look();
      clock.advance(6000);
      await recordUntil(stream, () => openOn(stream) === 'volume-1', other);
      expect(alarms()).toEqual([]);
      await Promise.all([stream.end(), other.end()]);
      stream.expectNothingUnexplained();
      other.expectNothingUnexplained();
      expect(new Set([...stream.reasons(), ...other.reasons()])).toEqual(
        new Set(step === 'write' ? [reason, 'stream_stalled'] : ['stream_stalled']),
      );
      expect(await differences()).toEqual([]);
    },
  );

  it('for one camera only is no trouble of the others', async () => {
    const [one, two] = [await folder('one'), await folder('two')];
    await open(one, two);
    await writeFile(join(one, 'cam'), 'a file where the folder of the camera should be');
    const [stream, other] = [new Stream(), new Stream('other')];
    await recordUntil(stream, () => openOn(stream) === 'volume-2');
    await recordUntil(other, () => openOn(other) === 'volume-1');
    await Promise.all([stream.end(), other.end()]);
    expect(await readFile(join(one, 'cam'), 'utf8')).toContain('a file');
  });
});

it('that does not answer is offline after a while, keeps nothing else waiting, and is used again when it answers', async () => {
  const [one, two] = [await folder('one'), await folder('two')];
  const hanging = { answer: null as PromiseWithResolvers<void> | null };
  const answered = { second: false };
  const files: ArchiveFiles = {
    ...systemFiles,
    async space(path) {
      answered.second ||= path === two;
      return systemFiles.space(path);
    },
    async identity(path) {
      if (path === one) await hanging.answer?.promise;
      return systemFiles.identity(path);
    },
  };
  volumes = await openVolumes(index, clock, [one, two], files);
  hanging.answer = Promise.withResolvers();
  answered.second = false;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const look = volumes.look();
    while (!answered.second) await settle();
    await settle();
    vi.advanceTimersByTime(11_000);
    await look;
  } finally {
    vi.useRealTimers();
  }
  expect(volumes.all.map((volume) => volume.offlineReason)).toEqual(['not_answering', null]);
  expect(alarms()).toEqual(['volume_offline volume-1']);
  expect(volumes.forNewFile()?.name).toBe('volume-2');
  hanging.answer.resolve();
  await vi.waitFor(async () => {
    await volumes.look();
    expect(volumes.forNewFile()?.name).toBe('volume-1');
  });
  expect(alarms()).toEqual([]);
});

describe.runIf(canMount)('a mounted volume', () => {
  let one: string;
  let two: string;

  beforeEach(async () => {
    one = await folder('one');
    two = await folder('two');
    mount(one, 8 * mebibyte);
    mount(two, 64 * mebibyte);
  });

  it('that is full in the middle of a write loses nothing that was written, and the other goes on', async () => {
    await open({ path: one, reserveBytes: 0 }, two);
    const stream = new Stream();
    await stream.seconds(7);
    // Someone else fills the disk.
    await writeFile(join(one, 'other.bin'), Buffer.alloc(16 * mebibyte)).catch(() => {});
    await recordUntil(stream, () => openOn(stream) === 'volume-2');
    await volumes.look();
    expect(alarms()).toEqual(['disk_full volume-1']);
    await stream.end();
    stream.expectNothingUnexplained();
    expect(stream.reasons()).toEqual(['disk_full']);
    expect((await differences()).map(({ kind, path }) => `${kind} ${path}`)).toEqual(['foreign_file other.bin']);
  });

  it('that is read-only for a time is passed over, and used again', async () => {
    await open(one, two);
    const before = new Stream();
    await before.seconds(3);
    await before.end();
    execFileSync('mount', ['-o', 'remount,ro', one]);
    const stream = new Stream('cam-2');
    await recordUntil(stream, () => openOn(stream) === 'volume-2');
    await volumes.look();
    expect(alarms()).toEqual(['disk_error volume-1']);
    expect(await volumes.online(1)?.assertPresent()).toBeUndefined();
    execFileSync('mount', ['-o', 'remount,rw', one]);
    await volumes.look();
    clock.advance(6000);
    await recordUntil(stream, () => openOn(stream) === 'volume-1');
    expect(alarms()).toEqual([]);
    await stream.end();
    stream.expectNothingUnexplained();
    expect(await differences()).toEqual([]);
  });

  it('that is unmounted leaves an empty directory, into which nothing is written, and its recordings are offline, not gone', async () => {
    await open(one, two);
    const stream = new Stream();
    await stream.seconds(7);
    unmount(one);
    mounted.delete(one);
    await recordUntil(stream, () => openOn(stream) === 'volume-2');
    await volumes.look();
    expect(await readdir(one)).toEqual([]);
    expect(alarms()).toEqual(['volume_offline volume-1']);
    expect(volumes.all[0]!.offlineReason).toBe('identity_missing');
    expect(volumes.offlineIds()).toEqual([1]);
    const row = index.findStream('cam', 'main')!;
    expect(index.spansOn(volumes.offlineIds(), row.id, 0, clock.nowMs())).toHaveLength(1);
    expect(await new Cleaner(volumes, index, { keepMs: 0, quotaBytes: 0 }, clock, silentLogger).clean()).toBeLessThan(
      3,
    );
    expect(index.spansOn(volumes.offlineIds(), row.id, 0, clock.nowMs())).toHaveLength(1);
    await stream.end();
    stream.expectNothingUnexplained();
    expect(await differences()).toEqual([]);
  });
});

describe('hostile names in a recording directory', () => {
  it('are passed over by recovery and cleaner, and never followed or removed', async () => {
    const path = await folder('disk');
    await open(path);
    const stream = new Stream();
    await stream.seconds(12);
    await stream.end();
    const [row] = stream.rows();
    const file = recordingPath({ cameraId: 'cam', stream: 'main', startMs: row!.startMs });
    const hour = join(path, dirname(file));
    const outside = await folder('outside');
    const bait = join(outside, 'sub', dirname(file).split('/').slice(2).join('/'), `${row!.startMs}.mp4`);
    await mkdir(dirname(bait), { recursive: true });
    await writeFile(bait, await readFile(join(path, file)));
    await symlink(outside, join(path, 'linked'));
    await symlink(join(outside, 'sub'), join(path, 'cam', 'sub'));
    await symlink(bait, join(hour, `${row!.startMs + 1}.mp4`));
    await mkdir(join(hour, `${row!.startMs + 2}.mp4`));
    for (const name of ['..\n.mp4', '\u202e4pm.1', 'a\rb', '-rf', '%2e%2e%2f', '01.mp4', '1'.repeat(200)]) {
      await writeFile(join(hour, name), 'x');
    }
    for (let i = 0; i < 3000; i += 1) await writeFile(join(hour, `foreign-${i}`), '');
    const before = (await readdir(hour)).length;

    expect(await adoptLeftovers(volumes.all[0]!, index, silentLogger)).toEqual({ adopted: [], empty: [] });
    clock.advance(40 * dayMs);
    const rules = { keepMs: dayMs, quotaBytes: null };
    expect(await new Cleaner(volumes, index, rules, clock, silentLogger).clean()).toBe(3);
    expect((await readdir(hour)).length).toBe(before - 3);
    expect((await stat(bait)).size).toBe(row!.bytes);
    expect(stream.reasons()).toEqual(['policy_deleted']);
  });

  it('never lead a writer or the cleaner out of the archive', async () => {
    const path = await folder('disk');
    const outside = await folder('outside');
    await open(path);
    const stream = new Stream();
    await stream.seconds(3);
    await stream.end();
    await rename(join(path, 'cam'), join(outside, 'cam'));
    await symlink(join(outside, 'cam'), join(path, 'cam'));
    const before = await readdir(join(outside, 'cam'), { recursive: true });
    clock.advance(40 * dayMs);
    expect(await new Cleaner(volumes, index, { keepMs: dayMs, quotaBytes: null }, clock, silentLogger).clean()).toBe(0);
    stream.again();
    await stream.seconds(3);
    expect(stream.writer.openRecordings()).toEqual([]);
    expect(await readdir(join(outside, 'cam'), { recursive: true })).toEqual(before);
    expect(stream.rows()).toHaveLength(1);
  });
});

it('takes up what a volume was left with when it is back, torn tails cut off', async () => {
  const [one, two] = [await folder('one'), await folder('two')];
  await open(one, two);
  const stream = new Stream();
  await stream.seconds(7);
  const { startMs } = stream.writer.openRecordings().at(-1)!;
  const file = recordingPath({ cameraId: 'cam', stream: 'main', startMs });
  await rename(one, `${one}.away`);
  await mkdir(one);
  await volumes.look();
  await recordUntil(stream, () => openOn(stream) === 'volume-2');
  await stream.writer.settled();
  expect(stream.rows().map((row) => row.startMs)).not.toContain(startMs);
  expect(stream.reasons()).toEqual(['disk_error']);
  stream.expectNothingUnexplained();
  await truncate(join(`${one}.away`, file), (await stat(join(`${one}.away`, file))).size - 10);
  await rm(one, { recursive: true });
  await rename(`${one}.away`, one);
  await volumes.look();
  expect(stream.rows().map((row) => row.startMs)).toContain(startMs);
  await stream.end();
  stream.expectNothingUnexplained();
  expect(await differences()).toEqual([]);
});
