import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { checkArchive } from '../../server/recorder/archive/check.ts';
import type { Recorder } from '../../server/recorder/recorder.ts';
import {
  ffmpegProcesses,
  openRecorder,
  recordedMs,
  recorderCamera,
  removeDirectory,
  startCameras,
  streamState,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

const ids = Array.from({ length: 100 }, (_, i) => `cam-${i}`);
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startCameras(ids);
});

afterAll(async () => {
  await fleet?.stop();
});

/** Recorded + explained = scheduled from `fromMs` on, in order and without overlap. */
async function expectAccounted(recorder: Recorder, cameraId: string, fromMs: number, toMs: number) {
  const { recorded, gaps } = await recorder.timeline(cameraId, 'sub', fromMs, toMs);
  const pieces = [...recorded, ...gaps.map(({ from, to }): [number, number] => [from, to])].sort((a, b) => a[0] - b[0]);
  for (const [i, [from, to]] of pieces.entries()) {
    expect(from).toBe(i === 0 ? fromMs : pieces[i - 1]![1]);
    expect(to).toBeGreaterThan(from);
  }
  expect((await recorder.completeness(cameraId, 'sub', fromMs, toMs)).unexplainedMs).toBe(0);
  return { recorded, gaps: gaps.filter(({ reason }) => reason !== 'schedule') };
}

async function expectWhole(directory: string): Promise<void> {
  const index = new ArchiveIndex(join(directory, 'archive.sqlite'));
  try {
    expect((await checkArchive(join(directory, 'archive'), index, { hashes: true })).differences).toEqual([]);
  } finally {
    index.close();
  }
}

describe('a machine whose clock is set while it records', () => {
  it.concurrent.each([
    ['forwards', 3_600_000],
    ['backwards', -3_600_000],
  ])('by an hour %s has no overlap, no negative time, and a recorded jump', async (_, stepMs) => {
    const directory = await temporaryDirectory();
    let offsetMs = 0;
    const clock = { nowMs: () => Date.now() + offsetMs, monotonicMs: () => performance.now() };
    const recorder = await openRecorder(directory, { clock, fileMs: 2000 });
    try {
      const startedMs = clock.nowMs();
      await recorder.putCamera(recorderCamera(fleet.camera('cam-0'), ['sub']));
      await until('before', 20_000, async () => (await recordedMs(recorder, 'cam-0', 'sub', startedMs)) > 2000);
      offsetMs = stepMs;
      const endMs = startedMs + 3 * 3_600_000;
      const gap = await until('the jump', 20_000, async () => {
        const { gaps } = await recorder.timeline('cam-0', 'sub', startedMs, endMs);
        return gaps.find(({ reason }) => reason === 'clock_jump');
      });
      await until('after', 20_000, async () => {
        const { recorded } = await recorder.timeline('cam-0', 'sub', startedMs, endMs);
        return recorded.at(-1)![0] === gap.to && recorded.at(-1)![1] - gap.to > 2500;
      });
      const { recorded, gaps } = await expectAccounted(recorder, 'cam-0', startedMs, endMs);
      expect(recorded).toHaveLength(2);
      expect(gaps).toHaveLength(1);
      if (stepMs > 0) expect(Math.abs(gap.to - gap.from - stepMs)).toBeLessThan(3000);
      else expect(gap.to - gap.from).toBe(1);
      expect((await streamState(recorder, 'cam-0', 'sub')).state).toBe('recording');
      await recorder.stop();
      await expectWhole(directory);
      const index = new ArchiveIndex(join(directory, 'archive.sqlite'));
      const files = index.recordings(index.findStream('cam-0', 'sub')!.id, 0, endMs);
      index.close();
      expect(files.map((file) => file.clock)).toContain(stepMs > 0 ? 'jumped' : 'ahead');
      for (const [i, file] of files.entries()) {
        expect(file.endMs).toBeGreaterThan(file.startMs);
        if (i > 0) expect(file.startMs).toBeGreaterThanOrEqual(files[i - 1]!.endMs);
      }
    } finally {
      await recorder.stop();
      await removeDirectory(directory);
    }
  });
});

/** When each ffmpeg of this process was started, in ms of `Date.now()`, from its start in ticks (proc(5), 10 ms each). */
async function startTimes(): Promise<number[]> {
  const processes = await ffmpegProcesses(process.pid);
  const bootMs = Date.now() - uptime() * 1000;
  return Promise.all(
    processes.map(async ({ pid }) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      return bootMs + Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) * 10;
    }),
  );
}

/** A start is over with its first frame, or after 2 s: of those that are younger, no more than 20 are without one. */
function expectFewAtOnce(starts: readonly number[], firstFrames: readonly number[]): void {
  const windowMs = 1500;
  const roundedMs = 30;
  for (const atMs of starts) {
    const young = starts.filter((ms) => ms > atMs - windowMs && ms <= atMs).length;
    const over = firstFrames.filter((ms) => ms > atMs - windowMs && ms <= atMs + roundedMs).length;
    expect(young - over).toBeLessThanOrEqual(20);
  }
}

describe('a hundred cameras that come back at once', () => {
  it('are all recorded again, no more than twenty starting at once, and all the time between has a reason', async () => {
    const directory = await temporaryDirectory();
    const recorder = await openRecorder(directory);
    try {
      const startedMs = Date.now();
      let firstFrames: number[] = [];
      recorder.on('stream.state', ({ stream }) => {
        if (stream.state === 'recording') firstFrames.push(Date.now());
      });
      for (const camera of fleet.cameras) await recorder.putCamera(recorderCamera(camera, ['sub']));
      const inState = async (state: string) =>
        (await recorder.states()).every(({ streams }) => streams.every((stream) => stream.state === state));
      await until('all record', 120_000, () => inState('recording'));
      expectFewAtOnce(await startTimes(), firstFrames);
      await Promise.all(fleet.cameras.map((camera) => camera.disconnect()));
      await until('all are offline', 20_000, () => inState('offline'));
      const awayMs = Date.now();
      firstFrames = [];
      await Promise.all(fleet.cameras.map((camera) => camera.reconnect()));
      const backMs = Date.now();
      await until('all record again', 120_000, async () => {
        const recorded = await Promise.all(ids.map((id) => recordedMs(recorder, id, 'sub', backMs)));
        return recorded.every((ms) => ms > 500);
      });
      const starts = await startTimes();
      expect(starts).toHaveLength(ids.length);
      expectFewAtOnce(starts, firstFrames);
      for (const id of ids) {
        const { gaps } = await expectAccounted(recorder, id, startedMs, Date.now());
        // What a camera sent ahead of time may end a little after it went.
        expect(gaps.find(({ to }) => to > awayMs)?.reason).toBe('camera_offline');
      }
    } finally {
      await recorder.stop();
      await removeDirectory(directory);
    }
    expect(await ffmpegProcesses(process.pid)).toEqual([]);
  }, 240_000);
});
