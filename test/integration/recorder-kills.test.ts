import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import type { StreamName } from '../../server/contracts/common.ts';
import { processStart } from '../../server/platform/child-process.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { checkArchive } from '../../server/recorder/archive/check.ts';
import type { Recorder } from '../../server/recorder/recorder.ts';
import {
  ffmpegProcesses,
  openRecorder,
  recorderCamera,
  removeDirectory,
  startCameras,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

const rounds = 20;
const ids = ['cam-0', 'cam-1', 'cam-2'];
const streams: readonly (readonly [string, StreamName])[] = ids.flatMap(
  (id) =>
    [
      [id, 'main'],
      [id, 'sub'],
    ] as const,
);
/** Files this short are opened, closed and indexed all the time. */
const fileMs = 1000;
let fleet: Fleet;

beforeAll(async () => {
  // A keyframe soon after each start, so that a round is short.
  const encoding = { gopFrames: 10 };
  fleet = await startCameras(ids, Object.fromEntries(ids.map((id) => [id, { encoding }])));
});

afterAll(async () => {
  await fleet?.stop();
});

/** Numbers in [0, 1) that follow from the seed (mulberry32), so that a round that failed can be run again. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Killed {
  /** Up to when each stream was recorded, as the recorder last said. */
  lastMs: Map<string, number>;
  /** Files that were said to be closed: `camera stream from to`. */
  closed: string[];
  orphans: number[];
}

/** Records every stream, and so much more of the last one to begin as `moreMs` says: then the process is killed. */
async function recordAndKill(host: ChildProcess, moreMs: number): Promise<Killed> {
  const lastMs = new Map<string, number>();
  const closed: string[] = [];
  const sinceMs = Date.now();
  let killAtMs = Number.POSITIVE_INFINITY;
  await new Promise<void>((resolve, reject) => {
    host.once('exit', () => reject(new Error('the host ended by itself')));
    createInterface({ input: host.stdout! }).on('line', (line) => {
      const [word, id, stream, ...times] = line.split(' ');
      if (word === 'closed') closed.push(line.slice('closed '.length));
      const ms = Number(times[0]);
      if (word !== 'recorded' || ms <= sinceMs) return;
      lastMs.set(`${id} ${stream}`, ms);
      if (lastMs.size < streams.length) return;
      if (killAtMs === Number.POSITIVE_INFINITY) killAtMs = Math.max(...lastMs.values()) + moreMs;
      if (ms >= killAtMs) resolve();
    });
  });
  host.removeAllListeners('exit');
  const orphans = (await ffmpegProcesses(host.pid!)).map(({ pid }) => pid);
  host.kill('SIGKILL');
  await once(host, 'exit');
  return { lastMs, closed, orphans };
}

/** Recorded + explained = scheduled from `fromMs` on, in order and without overlap, nothing unexplained. */
async function expectAccounted(recorder: Recorder, cameraId: string, stream: StreamName, fromMs: number) {
  const toMs = Date.now();
  const { recorded, gaps } = await recorder.timeline(cameraId, stream, fromMs, toMs);
  const pieces = [...recorded, ...gaps.map(({ from, to }): [number, number] => [from, to])].sort((a, b) => a[0] - b[0]);
  for (const [i, [from, to]] of pieces.entries()) {
    expect(from).toBe(i === 0 ? fromMs : pieces[i - 1]![1]);
    expect(to).toBeGreaterThan(from);
  }
  const account = await recorder.completeness(cameraId, stream, fromMs, toMs);
  const explainedMs = Object.values(account.explainedMs).reduce((sum, ms) => sum + ms, 0);
  expect(account.unexplainedMs).toBe(0);
  expect(account.recordedMs + explainedMs).toBe(account.scheduledMs);
  return { recorded, gaps };
}

/** Every row has its file, every file its row, each byte as it was recorded; and what was ever closed is there as it was. */
async function expectWhole(directory: string, closed: readonly string[], hashes: Map<string, string>): Promise<void> {
  const index = new ArchiveIndex(join(directory, 'archive.sqlite'));
  try {
    const check = await checkArchive(join(directory, 'archive'), index, { hashes: true });
    expect(check.differences).toEqual([]);
    expect(check.files).toBe(check.rows);
    for (const file of closed) {
      const [id = '', name, from, to] = file.split(' ');
      const row = index.recording(index.findStream(id, name as StreamName)!.id, Number(from));
      expect(row?.endMs, file).toBe(Number(to));
    }
    const now = new Map<string, string>();
    for (const [id, name] of streams) {
      for (const row of index.recordings(index.findStream(id, name)!.id, 0, Number.MAX_SAFE_INTEGER)) {
        now.set(`${id} ${name} ${row.startMs}`, Buffer.from(row.sha256).toString('hex'));
      }
    }
    for (const [file, sha256] of hashes) expect(now.get(file), file).toBe(sha256);
    for (const [file, sha256] of now) hashes.set(file, sha256);
  } finally {
    index.close();
  }
}

it(`a recorder killed ${rounds} times under load has every closed file, loses no second of the open ones, and explains the rest`, async () => {
  const seed = Number(process.env.LIENTHONG_TEST_SEED ?? Date.now() % 2 ** 32);
  const random = numbersFrom(seed);
  const directory = await temporaryDirectory();
  const options = { dataDir: directory, archiveDir: join(directory, 'archive'), fileMs };
  const script = fileURLToPath(new URL('../support/recorder-host.ts', import.meta.url));
  const cameras = ids.map((id) => recorderCamera(fleet.camera(id)));
  const startedMs = Date.now();
  const closed: string[] = [];
  const hashes = new Map<string, string>();
  let host: ChildProcess | null = null;
  let recorder: Recorder | null = null;
  let round = 0;
  try {
    for (; round < rounds; round += 1) {
      host = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
      host.stdin!.end(JSON.stringify({ ...options, cameras }));
      const killed = await recordAndKill(host, random() * 1500);
      closed.push(...killed.closed);
      recorder = await openRecorder(directory, { fileMs });
      for (const [id, stream] of streams) {
        const { recorded, gaps } = await expectAccounted(recorder, id, stream, startedMs);
        expect(killed.lastMs.get(`${id} ${stream}`)! - recorded.at(-1)![1]).toBeLessThan(1000);
        expect(gaps.at(-1)!.reason).toBe('server_crashed');
      }
      expect(killed.orphans.length).toBeGreaterThan(0);
      for (const pid of killed.orphans) {
        await until('the orphan is gone', 10_000, async () => (await processStart(pid)) === null);
      }
      await recorder.stop();
      await expectWhole(directory, closed, hashes);
    }
    expect(closed.length).toBeGreaterThan(0);
  } catch (error) {
    throw new Error(`round ${round + 1} of ${rounds}, LIENTHONG_TEST_SEED=${seed}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    host?.kill('SIGKILL');
    await recorder?.stop();
    await removeDirectory(directory);
  }
}, 240_000);
