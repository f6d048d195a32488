import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type CameraDescription, type Fleet, type FleetCamera, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { AppError } from '../../server/platform/errors.ts';
import { silentLogger } from '../../server/platform/log.ts';
import { createRecorder, type RecorderOptions } from '../../server/recorder/create-recorder.ts';
import type { Recorder, RecorderCamera } from '../../server/recorder/recorder.ts';

const run = promisify(execFile);

export const testPassword = "mật khẩu@/'1";

/** Simulated cameras with a loop of four seconds, on free ports; `special` is what sets some of them apart. */
export function startCameras(
  ids: readonly string[],
  special: Readonly<Record<string, Partial<CameraDescription>>> = {},
): Promise<Fleet> {
  return startFleet({
    cameras: ids.map((id) => ({
      id,
      name: id,
      desk: 'Quầy số 1',
      scene: castScene(0, 'Quầy số 1', 'Phường Thử'),
      username: 'ghi hình',
      password: testPassword,
      ...special[id],
    })),
    loopFrames: 100,
    discovery: false,
  });
}

export function recorderCamera(
  camera: FleetCamera,
  streams: readonly ('main' | 'sub')[] = ['main', 'sub'],
): RecorderCamera {
  const { username, password } = camera;
  return {
    id: camera.id,
    enabled: true,
    streams: streams.map((name) => ({ name, url: camera.rtsp[name], username, password })),
  };
}

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'recorder-'));
}

export function openRecorder(directory: string, options: Partial<RecorderOptions> = {}): Promise<Recorder> {
  return createRecorder({
    dataDir: directory,
    archiveDir: join(directory, 'archive'),
    clock: systemClock,
    log: silentLogger,
    retentionDays: 30,
    // However full the machine's disk is.
    reserveBytes: 2 ** 20,
    ...options,
  });
}

/** Waits for a condition and returns what it gave; fails with `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  condition: () => Promise<T | false | null | undefined>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}

export async function streamState(recorder: Recorder, cameraId: string, stream: 'main' | 'sub') {
  const camera = (await recorder.states()).find((candidate) => candidate.cameraId === cameraId);
  const found = camera?.streams.find((candidate) => candidate.name === stream);
  if (found === undefined) throw new Error('no such stream');
  return found;
}

/** Ms recorded of [fromMs, toMs). */
export async function recordedMs(
  recorder: Recorder,
  cameraId: string,
  stream: 'main' | 'sub',
  fromMs: number,
  toMs = Date.now(),
) {
  const { recorded } = await recorder.timeline(cameraId, stream, fromMs, toMs);
  return recorded.reduce((sum, [from, to]) => sum + to - from, 0);
}

export interface MediaServer {
  url: string;
  close(): Promise<void>;
}

/** The recorder's media over HTTP/1.1, at the product's addresses and without any guard. */
export async function serveMedia(recorder: Recorder): Promise<MediaServer> {
  const server = createServer(async (request, response) => {
    try {
      const url = new URL(request.url ?? '', 'http://localhost');
      const [, , camera = '', stream, kind, name = ''] = url.pathname.split('/');
      if (stream !== 'main' && stream !== 'sub') throw new AppError('not_found', 'media_gone');
      const query = (key: string) => (url.searchParams.has(key) ? Number(url.searchParams.get(key)) : undefined);
      const as: { as?: 'h264' } = url.searchParams.has('as') ? { as: 'h264' } : {};
      if (kind === 'live.m3u8') {
        const request = { msn: query('_HLS_msn'), part: query('_HLS_part'), ...as };
        response.end(await recorder.livePlaylist(camera, stream, request));
      } else if (kind === 'vod.m3u8') {
        response.end(await recorder.vodPlaylist(camera, stream, query('from') ?? 0, query('to') ?? 0, as.as));
      } else if (kind === 'live') {
        response.end((await recorder.liveResource(camera, stream, name)).bytes);
      } else {
        const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
        const range =
          start === undefined ? null : { start: Number(start), end: end ? Number(end) : Number.MAX_SAFE_INTEGER };
        const media = await recorder.recordedBytes(camera, stream, name, range);
        if (range !== null) {
          const last = Math.min(range.end, media.totalBytes - 1);
          response.writeHead(206, { 'content-range': `bytes ${range.start}-${last}/${media.totalBytes}` });
        }
        response.write(media.bytes);
        for await (const piece of media.rest ?? []) response.write(piece);
        response.end();
      }
    } catch (error) {
      response.writeHead(error instanceof AppError && error.kind === 'unavailable' ? 503 : 404).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/media`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Decodes the whole of a file or playlist; returns the number of frames. Fails on anything that ffmpeg calls an error. */
export async function decodedFrames(input: string): Promise<number> {
  const { stdout, stderr } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-xerror', '-threads', '1', '-i', input, '-map', '0:v:0'],
      ...['-f', 'framecrc', '-fps_mode', 'passthrough', '-'],
    ],
    { maxBuffer: 64 * 2 ** 20 },
  );
  if (stderr.trim() !== '') throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

export async function probe(input: string, entries: string): Promise<Record<string, string>> {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    entries,
    '-of',
    'default=noprint_wrappers=1',
    input,
  ]);
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
}

/** Command lines of the ffmpeg processes that write recordings of this directory's owner, or of all children of `parent`. */
export async function ffmpegProcesses(parent: number): Promise<{ pid: number; commandLine: string }[]> {
  const found: { pid: number; commandLine: string }[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = await readFile(`/proc/${entry}/stat`, 'utf8');
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(ppid) !== parent || state === 'Z') continue;
      if (!(await readlink(`/proc/${entry}/exe`)).endsWith('/ffmpeg')) continue;
      const commandLine = (await readFile(`/proc/${entry}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      found.push({ pid: Number(entry), commandLine });
    } catch {
      // Gone meanwhile.
    }
  }
  return found;
}

export async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
