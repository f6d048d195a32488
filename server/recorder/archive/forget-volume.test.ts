import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/log.ts';
import { completenessOf } from '../playback/completeness.ts';
import { buildTimeline } from '../playback/timeline.ts';
import { RunLock } from '../run-lock.ts';
import { ArchiveIndex } from './archive-index.ts';
import { systemFiles } from './files.ts';
import { forgetVolume, volumeLoss } from './forget-volume.ts';
import { recordingPath } from './paths.ts';
import { rebuildIndex } from './rebuild.ts';
import { writeIdentity } from './volume-identity.ts';

const program = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const minuteMs = 60_000;
const startMs = Date.UTC(2026, 0, 5);
let dataDir: string;
let folders: string[];

function open(): ArchiveIndex {
  return new ArchiveIndex(join(dataDir, 'archive.sqlite'));
}

/** Twelve minutes of two streams; every third file lies on the second volume. */
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'forget-'));
  folders = ['disk-1', 'disk-2'].map((name) => join(dataDir, name));
  const index = open();
  for (const [i, folder] of folders.entries()) {
    await mkdir(folder);
    await writeIdentity(systemFiles, folder, ids[i]!, `disk-${i + 1}`);
    index.addVolume(ids[i]!, `disk-${i + 1}`);
  }
  for (const name of ['main', 'sub'] as const) {
    const { id } = index.stream('cam', name, startMs);
    for (let minute = 0; minute < 12; minute += 1) {
      const atMs = startMs + minute * minuteMs;
      const volumeId = minute % 3 === 2 ? 2 : 1;
      index.addRecording({
        ...{ streamId: id, volumeId, startMs: atMs, endMs: atMs + minuteMs, bytes: 10, initBytes: 1, initId: 'x' },
        ...{ timescale: 1, mediaDuration: 60, codec: 'avc1', width: 1, height: 1, clock: 'ok' },
        ...{ sha256: new Uint8Array(32), keyframes: new Uint8Array() },
      });
      const file = join(folders[volumeId - 1]!, recordingPath({ cameraId: 'cam', stream: name, startMs: atMs }));
      await mkdir(join(file, '..'), { recursive: true });
      await writeFile(file, Buffer.alloc(10));
    }
  }
  index.putHold({ owner: 'incident:1', cameraId: 'cam', fromMs: startMs + 2 * minuteMs, toMs: startMs + 3 * minuteMs });
  index.close();
  const volumes = folders.map((path, i) => `    - { name: disk-${i + 1}, path: ${path} }`).join('\n');
  await writeFile(join(dataDir, 'settings.yaml'), `archive:\n  volumes:\n${volumes}\n`);
});

afterEach(() => rm(dataDir, { recursive: true }));

async function lienthong(...args: string[]) {
  const env = { ...process.env, LIENTHONG_DATA_DIR: dataDir, LIENTHONG_CONFIG: join(dataDir, 'settings.yaml') };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, 'archive', ...args, '--json'], {
      env,
    });
    return { status: 0, result: JSON.parse(stdout.trim().split('\n').at(-1)!), stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, result: stdout === '' ? null : JSON.parse(stdout), stderr };
  }
}

const rows = () => {
  const index = open();
  const { files } = index.totals();
  index.close();
  return files;
};

describe('a volume that will not come back', () => {
  it('is given up only with --yes; then its time is a gap with its reason, the rest stays, and the log and the check say so', async () => {
    await rm(folders[1]!, { recursive: true });
    const loss = { name: 'disk-2', uuid: ids[1], files: 8, bytes: 80, heldFiles: 2, fromMs: startMs + 2 * minuteMs };
    expect(await lienthong('forget-volume', 'disk-2')).toMatchObject({ status: 0, result: { done: false, ...loss } });
    expect(rows()).toBe(24);

    const done = await lienthong('forget-volume', 'disk-2', '--yes');
    expect(done).toMatchObject({ status: 0, result: { done: true, ...loss } });
    expect(done.stderr).toContain('a volume of the archive is given up');
    expect(done.stderr).toContain(ids[1]);

    const index = open();
    const endMs = startMs + 12 * minuteMs;
    for (const { id, sinceMs } of index.streams()) {
      const input = { spans: index.spans(id, 0, endMs), gaps: index.gaps(id, 0, endMs), sinceMs, untilMs: endMs };
      const account = completenessOf(buildTimeline(input, startMs, endMs), startMs, endMs);
      expect(account).toEqual({
        ...{ scheduledMs: 12 * minuteMs, recordedMs: 8 * minuteMs, unexplainedMs: 0 },
        explainedMs: { disk_error: 4 * minuteMs },
      });
    }
    expect(index.volumes()).toEqual([{ id: 1, uuid: ids[0], name: 'disk-1', files: 16, bytes: 160 }]);
    expect(index.totals()).toMatchObject({ files: 16, bytes: 160 });
    index.close();

    const check = await lienthong('check');
    expect(check).toMatchObject({ status: 0, result: { files: 16, rows: 16, differences: [] } });
    expect(check.result.forgotten).toMatchObject([{ name: 'disk-2', uuid: ids[1], files: 8, bytes: 80 }]);
    expect(await lienthong('forget-volume', 'disk-2', '--yes')).toMatchObject({ status: 1 });

    // An index that is made anew has both still.
    await rebuildIndex(dataDir, [folders[0]!], systemClock, silentLogger, { trustRows: true });
    const anew = open();
    expect(anew.lost.all()).toMatchObject([{ name: 'disk-2', files: 8 }]);
    expect(anew.gaps(1, 0, endMs).map(({ reason }) => reason)).toEqual(Array(4).fill('disk_error'));
    anew.close();
  });

  it('is refused while it is attached, also under another folder of the archive', async () => {
    const attached = await lienthong('forget-volume', 'disk-2', '--yes');
    expect([attached.status, attached.stderr]).toEqual([1, expect.stringContaining('attached')]);
    await rm(folders[0]!, { recursive: true });
    await rename(folders[1]!, folders[0]!);
    expect((await lienthong('forget-volume', 'disk-2', '--yes')).stderr).toContain('attached');
    expect(rows()).toBe(24);
  });

  it('is refused while a folder cannot be read, since it may lie there', async () => {
    await writeFile(join(folders[1]!, 'lienthong-volume.json'), '{"format":');
    const unread = await lienthong('forget-volume', 'disk-2', '--yes');
    expect([unread.status, unread.stderr]).toEqual([1, expect.stringContaining('unmount it first')]);
    expect(rows()).toBe(24);
  });

  it('is refused while the server records onto it, wherever it sees it', async () => {
    await rm(folders[1]!, { recursive: true });
    const index = open();
    const { id } = index.findStream('cam', 'main')!;
    const last = index.recording(id, startMs + 2 * minuteMs)!;
    index.addRecording({ ...last, startMs: Date.now() - minuteMs, endMs: Date.now() });
    index.close();
    const lock = await RunLock.take(dataDir);
    const refused = await lienthong('forget-volume', 'disk-2', '--yes');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('the server has recorded onto')]);
    await lock.release();
    expect((await lienthong('forget-volume', 'disk-2')).status).toBe(0);
  });

  it('is given up to the end by the next run when one was killed', async () => {
    const index = open();
    const volume = index.volumes()[1]!;
    index.dropRecording(1, startMs + 2 * minuteMs, 'disk_error');
    index.markDeleting(1, startMs + 5 * minuteMs);
    await forgetVolume(index, volume, volumeLoss(index, volume, startMs), silentLogger);
    expect(index.volumes().map(({ id }) => id)).toEqual([1]);
    expect(index.gaps(1, 0, Number.MAX_SAFE_INTEGER).map(({ reason }) => reason)).toEqual([
      ...['disk_error', 'policy_deleted', 'disk_error', 'disk_error'],
    ]);
    index.close();
  });
});

it('the check names of each difference the kind, the path, and the row where there is one', async () => {
  const path = (minute: number) =>
    recordingPath({ cameraId: 'cam', stream: 'main', startMs: startMs + minute * minuteMs });
  await writeFile(join(folders[0]!, path(0)), Buffer.alloc(11));
  await writeFile(join(folders[0]!, 'letters.txt'), '');
  const { status, result } = await lienthong('check');
  const about = { cameraId: 'cam', stream: 'main', startMs, endMs: startMs + minuteMs, bytes: 10, volume: 'disk-1' };
  expect(status).toBe(1);
  expect(result).toMatchObject({ files: 25, rows: 24 });
  expect(result.differences).toEqual([
    { kind: 'size_differs', path: path(0), row: { ...about, sha256: '0'.repeat(64) } },
    { kind: 'foreign_file', path: 'letters.txt' },
  ]);
});
