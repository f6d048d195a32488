import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import type { Completeness } from '../../server/contracts/completeness.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { checkArchive } from '../../server/recorder/archive/check.ts';
import { recordingPath } from '../../server/recorder/archive/paths.ts';
import type { Recorder, RecordingSchedule } from '../../server/recorder/recorder.ts';
import { canMount, mountTmpfs, unmount } from '../support/mounts.ts';
import {
  openRecorder,
  recordedMs,
  recorderCamera,
  removeDirectory,
  startCameras,
  streamState,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

let fleet: Fleet;
let directory: string;
let recorder: Recorder;

beforeAll(async () => {
  fleet = await startCameras(['desk']);
});

afterAll(async () => {
  await fleet?.stop();
});

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(async () => {
  await recorder?.stop();
  await removeDirectory(directory);
});

async function record(schedule: RecordingSchedule = 'continuous'): Promise<void> {
  const { streams, ...camera } = recorderCamera(fleet.camera('desk'), ['sub']);
  await recorder.putCamera({ ...camera, streams: streams.map((source) => ({ ...source, schedule })) });
}

const state = async () => {
  const { state, cause } = await streamState(recorder, 'desk', 'sub');
  return `${state} ${cause}`;
};

/** The account up to now, once it is checked that nothing is left over. */
async function account(fromMs: number): Promise<Completeness> {
  const found = await recorder.completeness('desk', 'sub', fromMs, Date.now());
  const explained = Object.values(found.explainedMs).reduce((sum, ms) => sum + ms, 0);
  expect(found.recordedMs + explained + found.unexplainedMs).toBe(found.scheduledMs);
  expect(found.unexplainedMs).toBe(0);
  return found;
}

/** Paths of closed recordings, oldest first. */
function closedFiles(): string[] {
  const index = new ArchiveIndex(join(directory, 'archive.sqlite'), { readOnly: true });
  try {
    const stream = index.findStream('desk', 'sub');
    const starts = stream === null ? [] : index.startsFrom(stream.id, 0);
    return starts.map((startMs) =>
      join(directory, 'archive', recordingPath({ cameraId: 'desk', stream: 'sub', startMs })),
    );
  } finally {
    index.close();
  }
}

async function recordFiles(count: number): Promise<void> {
  await record();
  await until(`${count} closed files`, 40_000, async () => closedFiles().length >= count);
}

describe('a schedule', () => {
  it('starts and stops a stream by itself, and only its stretches count as to be recorded', async () => {
    recorder = await openRecorder(directory, { fileMs: 2000 });
    const startedMs = Date.now();
    const [first, second] = [
      { fromMs: startedMs + 1500, toMs: startedMs + 12_000 },
      { fromMs: startedMs + 14_000, toMs: startedMs + 60_000 },
    ];
    await record({ stretches: [{ fromMs: startedMs - 5000, toMs: startedMs - 1000 }, first!, second!] });
    expect(await state()).toBe('stopped schedule');
    await until('recording in the first stretch', 12_000, async () => (await state()) === 'recording null');
    await until('stopped after it', 20_000, async () => (await state()) === 'stopped schedule');
    expect(Date.now()).toBeGreaterThanOrEqual(first!.toMs);
    await until('recording in the second stretch', 30_000, async () => (await state()) === 'recording null');
    await until('a second of it', 5000, async () => (await recordedMs(recorder, 'desk', 'sub', second!.fromMs)) > 1000);

    const { recorded, gaps } = await recorder.timeline('desk', 'sub', startedMs, Date.now());
    expect(gaps.map(({ reason }) => reason)).toEqual(['schedule', 'planned', 'schedule', 'planned']);
    expect(gaps[1]!.from).toBe(first!.fromMs);
    expect(gaps[3]!.from).toBe(second!.fromMs);
    expect(Math.abs(recorded[0]![1] - first!.toMs)).toBeLessThan(2000);
    const found = await account(startedMs - 10_000);
    expect(Object.keys(found.explainedMs)).toEqual(['planned']);
    expect(found.recordedMs).toBe(recorded.reduce((sum, [from, to]) => sum + to - from, 0));

    await record('continuous');
    expect(await state()).toBe('recording null');
  });

  it('leaves what lies outside of it to the schedule when the server was down', async () => {
    recorder = await openRecorder(directory, { fileMs: 2000 });
    const startedMs = Date.now();
    await record();
    await until('recording', 20_000, async () => (await state()) === 'recording null');
    await recorder.stop();
    const stoppedMs = Date.now();
    await until('two seconds', 5000, async () => Date.now() - stoppedMs > 2000);
    recorder = await openRecorder(directory, { fileMs: 2000 });
    const idle = { fromMs: stoppedMs + 500, toMs: stoppedMs + 1500 };
    const stretches = [
      { fromMs: startedMs, toMs: idle.fromMs },
      { fromMs: idle.toMs, toMs: Date.now() + 60_000 },
    ];
    await record({ stretches });
    await until('recording again', 20_000, async () => (await recordedMs(recorder, 'desk', 'sub', idle.toMs)) > 500);
    const { gaps } = await recorder.timeline('desk', 'sub', startedMs, Date.now());
    expect(gaps.map(({ reason }) => reason)).toEqual(['schedule', 'server_stopped', 'schedule', 'server_stopped']);
    expect(gaps[2]).toEqual({ from: idle.fromMs, to: idle.toMs, reason: 'schedule' });
    await account(startedMs);
  });
});

describe('the account of a stream', () => {
  it('counts for the metrics what arrives, and why it broke off', async () => {
    recorder = await openRecorder(directory);
    await record();
    const counted = await until('frames', 20_000, async () => {
      const [metrics] = await recorder.streamMetrics();
      return metrics !== undefined && metrics.frames > 50 && metrics;
    });
    expect(counted).toMatchObject({ cameraId: 'desk', stream: 'sub', state: 'recording', failures: {} });
    expect(counted.bytes).toBeGreaterThan(counted.fragments * 100);
    expect(Date.now() - counted.lastFrameMs!).toBeLessThan(10_000);
    expect(Math.abs(counted.driftMs!)).toBeLessThan(5000);
    await fleet.camera('desk').disconnect();
    try {
      await until('a failure', 20_000, async () => {
        const [metrics] = await recorder.streamMetrics();
        return Object.keys(metrics?.failures ?? {}).length > 0;
      });
    } finally {
      await fleet.camera('desk').reconnect();
    }
  });

  it('is whole after a start over a damaged index, which is told as an alarm', async () => {
    recorder = await openRecorder(directory, { fileMs: 2000 });
    const startedMs = Date.now();
    await recordFiles(3);
    await recorder.stop();
    const files = closedFiles();
    await rm(join(directory, 'archive.sqlite-wal'), { force: true });
    await writeFile(join(directory, 'archive.sqlite'), Buffer.alloc(50_000, 0x5a));
    recorder = await openRecorder(directory, { fileMs: 2000 });
    await record();
    const { alarms } = await recorder.health();
    expect(alarms.map(({ code }) => code)).toEqual(['archive_index_rebuilt']);
    expect(closedFiles().slice(0, files.length)).toEqual(files);
    const reopenedMs = Date.now();
    await until('recording again', 20_000, async () => (await recordedMs(recorder, 'desk', 'sub', reopenedMs)) > 500);
    const found = await account(startedMs);
    expect(Object.keys(found.explainedMs)).toEqual(['server_crashed']);
  });
});

describe('an index that refuses', () => {
  const alarms = async () => (await recorder.health()).alarms.map(({ code }) => code);
  const more = (ms: number) => {
    const sinceMs = Date.now();
    return until('more is recorded', 30_000, async () => (await recordedMs(recorder, 'desk', 'sub', sinceMs)) > ms);
  };
  const expectWhole = async () => {
    const index = new ArchiveIndex(join(directory, 'archive.sqlite'), { readOnly: true });
    const { differences } = await checkArchive(join(directory, 'archive'), index, { hashes: true });
    index.close();
    expect(differences).toEqual([]);
  };

  it('since another program has it locked stops no recording, and has every file and every gap afterwards', async () => {
    recorder = await openRecorder(directory, { fileMs: 1000 });
    const startedMs = Date.now();
    await recordFiles(1);
    const other = new DatabaseSync(join(directory, 'archive.sqlite'));
    other.exec('BEGIN EXCLUSIVE');
    try {
      await until('the alarm', 20_000, async () => (await alarms()).includes('archive_index_refuses'));
      await more(2000);
      // A gap that begins and ends meanwhile.
      await fleet.camera('desk').disconnect();
      await until('offline', 10_000, async () => (await state()).startsWith('offline'));
      await fleet.camera('desk').reconnect();
      await more(500);
      expect(await alarms()).toEqual(['archive_index_refuses']);
    } finally {
      other.exec('ROLLBACK');
    }
    await until('the end of the alarm', 10_000, async () => (await alarms()).length === 0);
    expect(Object.keys((await account(startedMs)).explainedMs)).toEqual(['camera_offline']);

    // Locked once more, and stopped before it is free again.
    other.exec('BEGIN EXCLUSIVE');
    await until('the alarm', 20_000, async () => (await alarms()).includes('archive_index_refuses'));
    const stopMs = performance.now();
    await recorder.stop();
    expect(performance.now() - stopMs).toBeLessThan(5000);
    other.close();
    recorder = await openRecorder(directory, { fileMs: 1000 });
    await record();
    await more(500);
    const found = await account(startedMs);
    expect(Object.keys(found.explainedMs).sort()).toEqual(['camera_offline', expect.stringMatching(/^server_/)]);
    await recorder.stop();
    await expectWhole();
  });

  it.runIf(canMount)(
    'since its disk is full stops no recording on another, and has every file afterwards',
    async () => {
      const dataDir = join(directory, 'data');
      await mkdir(dataDir);
      mountTmpfs(dataDir, 4 * 2 ** 20);
      try {
        const options = { dataDir, archiveDir: join(directory, 'archive'), fileMs: 500 };
        recorder = await openRecorder(directory, options);
        const startedMs = Date.now();
        await record();
        await more(1000);
        const filler = await open(join(dataDir, 'filler'), 'w');
        for (const bytes of [65_536, 4096, 1]) {
          const write = async () => (await filler.write(Buffer.alloc(bytes))).bytesWritten > 0;
          while (await write().catch(() => false));
        }
        await filler.close();
        await until('the alarm', 60_000, async () => (await alarms()).includes('archive_index_refuses'));
        await more(2000);
        await rm(join(dataDir, 'filler'));
        await until('the end of the alarm', 10_000, async () => (await alarms()).length === 0);
        await more(500);
        expect((await account(startedMs)).explainedMs).toEqual({});
        await recorder.stop();
        const index = new ArchiveIndex(join(dataDir, 'archive.sqlite'), { readOnly: true });
        const { differences } = await checkArchive(options.archiveDir, index, { hashes: true });
        index.close();
        expect(differences).toEqual([]);
      } finally {
        await recorder.stop();
        unmount(dataDir);
      }
    },
  );
});

describe('a running recorder', () => {
  it('checks its archive, and raises an alarm for what is not as it was recorded until that is mended', async () => {
    recorder = await openRecorder(directory, { fileMs: 1000, selfCheckEveryMs: 300 });
    await recordFiles(2);
    const first = await until('a check', 20_000, async () => (await recorder.health()).selfCheck);
    expect(first.kinds).toEqual({});
    const [file] = closedFiles();
    const whole = await readFile(file!);
    const changed = Buffer.from(whole);
    changed[changed.length - 1]! ^= 1;
    await writeFile(file!, changed);
    const alarm = await until('the alarm', 40_000, async () => {
      const { alarms } = await recorder.health();
      return alarms.find(({ code }) => code === 'archive_differs');
    });
    expect(alarm.detail).toMatch(/hash_differs 1/);
    await writeFile(file!, whole);
    await until('its end', 60_000, async () => (await recorder.health()).alarms.length === 0);
  });

  it('deletes nothing while most files are missing, and goes on when they are back', async () => {
    recorder = await openRecorder(directory, { fileMs: 1000 });
    await recordFiles(3);
    await recorder.stop();
    const files = closedFiles();
    const kept = await Promise.all(files.map((file) => readFile(file)));
    for (const file of files) await rm(file);
    recorder = await openRecorder(directory, { fileMs: 1000, quotaBytes: 1, cleanEveryMs: 100 });
    const alarm = (await recorder.health()).alarms.find(({ code }) => code === 'archive_missing_files');
    expect(alarm?.detail).toBe(`${files.length} of ${files.length} files that were looked for are missing`);
    expect(closedFiles()).toEqual(files);
    for (const [i, file] of files.entries()) await writeFile(file, kept[i]!);
    await until('the end of the alarm', 20_000, async () => (await recorder.health()).alarms.length === 0);
    await until('cleaning', 20_000, async () => closedFiles().length === 0);
  });
});
