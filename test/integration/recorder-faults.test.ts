import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { checkArchive } from '../../server/recorder/archive/check.ts';
import type { Recorder } from '../../server/recorder/recorder.ts';
import {
  decodedFrames,
  ffmpegProcesses,
  openRecorder,
  recordedMs,
  recorderCamera,
  removeDirectory,
  serveMedia,
  startCameras,
  streamState,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

let fleet: Fleet;
let directory: string;
let recorder: Recorder | null;
let host: ChildProcess | null;

beforeAll(async () => {
  fleet = await startCameras(['away', 'other']);
});

afterAll(async () => {
  await fleet?.stop();
});

beforeEach(async () => {
  directory = await temporaryDirectory();
  recorder = null;
  host = null;
});

afterEach(async () => {
  host?.kill('SIGKILL');
  await recorder?.stop();
  await removeDirectory(directory);
});

/** Everything from the first frame on is recorded or has a gap with a known reason. */
async function expectNothingUnexplained(subject: Recorder, cameraId: string, fromMs: number): Promise<void> {
  const toMs = Date.now();
  const { recorded, gaps } = await subject.timeline(cameraId, 'main', fromMs, toMs);
  expect(gaps.filter((gap) => gap.reason === 'unknown')).toEqual([]);
  const pieces = [...recorded, ...gaps.map((gap): [number, number] => [gap.from, gap.to])].sort((a, b) => a[0] - b[0]);
  for (const [i, piece] of pieces.entries()) expect(piece[0]).toBe(i === 0 ? fromMs : pieces[i - 1]![1]);
  expect(toMs - pieces.at(-1)![1]).toBeLessThan(2000);
}

describe('a camera that goes away', () => {
  it('is offline within 10 s, recorded within 10 s of its return, and the time between has a reason', async () => {
    const camera = fleet.camera('away');
    recorder = await openRecorder(directory);
    const running = recorder;
    const startedMs = Date.now();
    await running.putCamera(recorderCamera(camera, ['main']));
    await running.putCamera(recorderCamera(fleet.camera('other'), ['main']));
    await until('recording', 20_000, async () => (await recordedMs(running, 'away', 'main', startedMs)) > 1000);

    await camera.disconnect();
    const state = await until('offline', 10_000, async () => {
      const found = await streamState(running, 'away', 'main');
      return found.state === 'offline' && found;
    });
    expect(state.cause).toMatch(/^connection_(refused|closed)$/);
    await until(
      'several attempts',
      10_000,
      async () => (await streamState(running, 'away', 'main')).cause === 'connection_refused',
    );
    await expect(running.livePlaylist('away', 'main', {})).rejects.toMatchObject({ code: 'stream_not_live' });

    await camera.reconnect();
    const backMs = Date.now();
    await until('recording again', 10_000, async () => (await recordedMs(running, 'away', 'main', backMs)) > 0);

    const { recorded, gaps } = await running.timeline('away', 'main', startedMs, Date.now());
    expect(gaps.map((gap) => gap.reason)).toEqual(['schedule', 'camera_offline']);
    expect(recorded).toHaveLength(2);
    await expectNothingUnexplained(running, 'away', startedMs);
    expect(await running.livePlaylist('away', 'main', {})).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM/);

    const media = await serveMedia(running);
    try {
      const url = `${media.url}/away/main/vod.m3u8?from=${recorded[0]![0]}&to=${recorded[1]![1]}`;
      const seconds = recorded.reduce((sum, [from, to]) => sum + (to - from) / 1000, 0);
      expect(Math.abs((await decodedFrames(url)) - seconds * 25)).toBeLessThan(30);
    } finally {
      await media.close();
    }
    expect((await recorder.timeline('other', 'main', startedMs, Date.now())).recorded).toHaveLength(1);
  });

  it('is stalled when the connection stays and the frames do not, and offline within 10 s', async () => {
    const camera = fleet.camera('away');
    recorder = await openRecorder(directory);
    const running = recorder;
    const startedMs = Date.now();
    const seen: string[] = [];
    running.on('stream.state', ({ stream }) => seen.push(`${stream.state} ${stream.cause}`));
    await running.putCamera(recorderCamera(camera, ['sub']));
    await until('recording', 20_000, async () => (await recordedMs(running, 'away', 'sub', startedMs)) > 500);
    camera.freeze(true);
    try {
      const { recorded } = await running.timeline('away', 'sub', startedMs, Date.now());
      await until('offline', 20_000, async () => (await streamState(running, 'away', 'sub')).state === 'offline');
      const frozenMs = (await streamState(running, 'away', 'sub')).sinceMs - recorded.at(-1)![1];
      expect(frozenMs).toBeLessThan(11_000);
      expect(seen).toContain('stalled no_frames');
    } finally {
      camera.freeze(false);
    }
    const back = Date.now();
    await until('recording again', 20_000, async () => (await recordedMs(running, 'away', 'sub', back)) > 0);
    const { gaps } = await running.timeline('away', 'sub', startedMs, Date.now());
    expect(gaps.map((gap) => gap.reason)).toEqual(['schedule', 'camera_offline']);
  });

  it('is told apart from one that refuses the password, and a new password is tried at once', async () => {
    const camera = fleet.camera('away');
    recorder = await openRecorder(directory);
    const running = recorder;
    const [source] = recorderCamera(camera, ['sub']).streams;
    await running.putCamera({ id: 'away', enabled: true, streams: [{ ...source!, password: 'wrong' }] });
    await until('refused', 20_000, async () => (await streamState(running, 'away', 'sub')).state === 'auth_failed');
    expect((await streamState(running, 'away', 'sub')).cause).toBe('bad_credentials');
    await running.putCamera({ id: 'away', enabled: true, streams: [source!] });
    await until('recording', 20_000, async () => (await streamState(running, 'away', 'sub')).state === 'recording');
  });
});

describe('a recorder that is killed', () => {
  it('loses at most the last second, adopts its open files, ends its orphans, and explains the time between', async () => {
    const camera = fleet.camera('away');
    const options = { dataDir: directory, archiveDir: join(directory, 'archive'), fileMs: 3000 };
    const script = fileURLToPath(new URL('../support/recorder-host.ts', import.meta.url));
    host = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    host.stdin!.end(JSON.stringify({ ...options, cameras: [recorderCamera(camera)] }));
    const lines = createInterface({ input: host.stdout! });
    const startedMs = Date.now();
    let lastMs = 0;
    await new Promise<void>((resolve, reject) => {
      host!.once('exit', () => reject(new Error('the host ended by itself')));
      lines.on('line', (line) => {
        if (line.startsWith('recorded away main ')) lastMs = Number(line.split(' ')[3]);
        if (lastMs - startedMs > 6000) resolve();
      });
    });
    const orphans = await ffmpegProcesses(host.pid!);
    expect(orphans).toHaveLength(2);
    // Stopped, they cannot notice that their reader is gone.
    for (const { pid } of orphans) process.kill(pid, 'SIGSTOP');
    host.removeAllListeners('exit');
    host.kill('SIGKILL');
    await once(host, 'exit');

    recorder = await openRecorder(directory, { fileMs: 3000 });
    const running = recorder;
    for (const { pid } of orphans) {
      await until('the orphan is gone', 5000, async () => !isRunning(pid));
    }
    const { recorded, gaps } = await running.timeline('away', 'main', startedMs, Date.now());
    expect(recorded).toHaveLength(1);
    expect(lastMs - recorded[0]![1]).toBeLessThan(1000);
    expect(gaps.at(-1)).toMatchObject({ from: recorded[0]![1], reason: 'server_crashed' });

    await running.putCamera(recorderCamera(camera));
    await until(
      'recording again',
      20_000,
      async () => (await streamState(running, 'away', 'main')).state === 'recording',
    );
    await expectNothingUnexplained(running, 'away', startedMs);
    await running.stop();
    const index = new ArchiveIndex(join(directory, 'archive.sqlite'));
    const check = await checkArchive(options.archiveDir, index, { hashes: true });
    index.close();
    expect(check.differences).toEqual([]);
  });

  it('does not start a second time over the same data', async () => {
    recorder = await openRecorder(directory);
    await expect(openRecorder(directory)).rejects.toMatchObject({ code: 'recorder_running' });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
