import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { checkArchive } from '../../server/recorder/archive/check.ts';
import type { Recorder, RecorderEvents } from '../../server/recorder/recorder.ts';
import {
  decodedFrames,
  ffmpegProcesses,
  type MediaServer,
  openRecorder,
  probe,
  recordedMs,
  recorderCamera,
  removeDirectory,
  serveMedia,
  startCameras,
  streamState,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

/** One recorder over a city of cameras each of which has a trouble of its own; `calm` has none, and must not notice the others'. */
const ids = [
  ...['calm', 'silent', 'hung', 'killed', 'stopped', 'garbled', 'noisy', 'still', 'changing'],
  ...['bframes', 'gop1', 'gop10', 'uneven', 'jumping', 'stuck', 'fast', 'h265', 'pcmu', 'aac', 'mute'],
];
const faultMs = 30_000;

let fleet: Fleet;
let directory: string;
let recorder: Recorder;
let media: MediaServer;
let startedMs: number;
let faultsFromMs: number;
let signalled: { killed: number; stopped: number };
const states: RecorderEvents['stream.state'][] = [];
const alarms: RecorderEvents['alarm'][] = [];

beforeAll(async () => {
  fleet = await startCameras(ids, {
    bframes: { encoding: { bFrames: 2 } },
    gop1: { encoding: { gopFrames: 1, loopFrames: 50 } },
    gop10: { encoding: { gopFrames: 250, loopFrames: 500 } },
    h265: { encoding: { codec: 'h265' } },
    pcmu: { audio: 'pcmu', encoding: { gopFrames: 1, loopFrames: 50 } },
    aac: { audio: 'aac' },
    mute: { audio: 'aac' },
  });
  directory = await temporaryDirectory();
  recorder = await openRecorder(directory, { fileMs: 4000, stillMs: 6000 });
  recorder.on('stream.state', (event) => states.push(event));
  recorder.on('alarm', (event) => alarms.push(event));
  media = await serveMedia(recorder);
  startedMs = Date.now();
  fleet.camera('stuck').misbehave('sub', { timestampsStand: true });
  fleet.camera('fast').misbehave('sub', { clockRate: 1.02 });
  fleet.camera('uneven').misbehave('sub', { unevenRate: true });
  fleet.camera('gop10').misbehave('sub', { startsAnywhere: true });
  await Promise.all(
    fleet.cameras.map((camera) => {
      const wanted = recorderCamera(camera, camera.id === 'changing' ? ['main', 'sub'] : ['sub']);
      if (camera.id === 'pcmu' || camera.id === 'aac') for (const source of wanted.streams) source.audio = true;
      return recorder.putCamera(wanted);
    }),
  );
  await Promise.all(ids.map((id) => recorded(id, 3000)));
  signalled = { killed: await ffmpegOf('killed'), stopped: await ffmpegOf('stopped') };
  faultsFromMs = Date.now();
  fleet.camera('silent').freeze(true);
  fleet.camera('hung').hang(true);
  process.kill(signalled.killed, 'SIGKILL');
  process.kill(signalled.stopped, 'SIGSTOP');
  fleet.camera('garbled').misbehave('sub', { garbage: 'payload' });
  fleet.camera('noisy').misbehave('sub', { garbage: 'between' });
  fleet.camera('still').misbehave('sub', { stillPicture: true });
  fleet.camera('changing').changeResolution('main');
  fleet.camera('jumping').misbehave('sub', { timestampShiftMs: 3_600_000 });
});

afterAll(async () => {
  await media?.close();
  await recorder?.stop();
  await fleet?.stop();
  await removeDirectory(directory);
});

const causes = (cameraId: string, stream = 'sub') =>
  states.filter((event) => event.cameraId === cameraId && event.stream.name === stream).map((e) => e.stream.cause);

async function recorded(cameraId: string, ms: number, fromMs = startedMs, stream: 'main' | 'sub' = 'sub') {
  await until(
    `${ms} ms of ${cameraId}`,
    faultMs,
    async () => (await recordedMs(recorder, cameraId, stream, fromMs)) >= ms,
  );
}

/** Recorded + explained = scheduled, nothing overlaps, nothing runs backwards. Returns the reasons of the gaps. */
async function expectAccounted(cameraId: string, stream: 'main' | 'sub' = 'sub'): Promise<string[]> {
  const toMs = Date.now();
  const account = await recorder.completeness(cameraId, stream, startedMs, toMs);
  const explained = Object.values(account.explainedMs).reduce((sum, ms) => sum + ms, 0);
  expect(account.unexplainedMs).toBe(0);
  expect(account.recordedMs + explained).toBe(account.scheduledMs);
  const { recorded: stretches, gaps } = await recorder.timeline(cameraId, stream, startedMs, toMs);
  const pieces = [...stretches, ...gaps.map(({ from, to }): [number, number] => [from, to])].sort(
    (a, b) => a[0] - b[0],
  );
  for (const [i, [from, to]] of pieces.entries()) {
    expect(from).toBe(i === 0 ? startedMs : pieces[i - 1]![1]);
    expect(to).toBeGreaterThan(from);
  }
  return gaps.map(({ reason }) => reason).filter((reason) => reason !== 'schedule');
}

/** Frames that the playlist over all that is recorded gives to a player, and how many there should be. */
async function played(cameraId: string, stream: 'main' | 'sub' = 'sub') {
  const { recorded: stretches } = await recorder.timeline(cameraId, stream, startedMs, Date.now());
  const [from, to] = [stretches[0]![0], stretches.at(-1)![1]];
  const frames = await decodedFrames(`${media.url}/${cameraId}/${stream}/vod.m3u8?from=${from}&to=${to}`);
  const seconds = stretches.reduce((sum, stretch) => sum + stretch[1] - stretch[0], 0) / 1000;
  return { frames, expected: seconds * 25 };
}

/** What a player is given for each init of the playlist over all that is recorded, as files: ffmpeg knows only one init a playlist. */
async function partsByInit(cameraId: string, stream: 'main' | 'sub'): Promise<string[] & { toMs: number }> {
  const { recorded: stretches } = await recorder.timeline(cameraId, stream, startedMs, Date.now());
  const toMs = stretches.at(-1)![1];
  const playlist = await recorder.vodPlaylist(cameraId, stream, stretches[0]![0], toMs);
  const parts: Uint8Array[][] = [];
  const bytes = async (uri: string, length: number, start: number) => {
    const range = { start, end: start + length - 1 };
    return (await recorder.recordedBytes(cameraId, stream, uri.replace('file/', ''), range)).bytes;
  };
  for (const found of playlist.matchAll(
    /#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"|BYTERANGE:(\d+)@(\d+)\n(.+)/g,
  )) {
    const [, init, initLength, initStart, length, start, uri] = found;
    if (init !== undefined) parts.push([await bytes(init, Number(initLength), Number(initStart))]);
    else parts.at(-1)!.push(await bytes(uri!, Number(length), Number(start)));
  }
  const paths = await Promise.all(
    parts.map(async (pieces, i) => {
      const path = join(directory, `${cameraId}-${i}.mp4`);
      await writeFile(path, Buffer.concat(pieces));
      return path;
    }),
  );
  return Object.assign(paths, { toMs });
}

async function filesOf(cameraId: string, stream: string): Promise<string[]> {
  const paths = await readdir(join(directory, 'archive', cameraId, stream), { recursive: true });
  return paths
    .filter((path) => path.endsWith('.mp4'))
    .map((path) => join(directory, 'archive', cameraId, stream, path));
}

/** The ffmpeg of a camera, told by the port that it is connected to. */
async function ffmpegOf(cameraId: string): Promise<number> {
  const port = Number(new URL(fleet.camera(cameraId).rtsp.sub.replace('rtsp', 'http')).port);
  const inodes = new Set<string>();
  for (const line of (await readFile('/proc/net/tcp', 'utf8')).split('\n')) {
    const [, , remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
    if (state === '01' && Number.parseInt(remote.split(':')[1] ?? '', 16) === port) inodes.add(`socket:[${inode}]`);
  }
  for (const { pid } of await ffmpegProcesses(process.pid)) {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      if (inodes.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))) return pid;
    }
  }
  throw new Error(`no ffmpeg reads ${cameraId}`);
}

describe('streams of every kind', () => {
  it('lose no frame with B-frames, with keyframes only, with one in ten seconds, in H.265', async () => {
    await Promise.all([recorded('bframes', 10_000), recorded('gop1', 10_000), recorded('gop10', 12_000)]);
    for (const id of ['bframes', 'gop1', 'gop10', 'h265']) {
      const { frames, expected } = await played(id);
      expect(Math.abs(frames - expected), id).toBeLessThan(30);
      expect((await recorder.timeline(id, 'sub', startedMs, Date.now())).recorded, id).toHaveLength(1);
    }
    expect((await streamState(recorder, 'h265', 'sub')).codec).toBe('h265');
    for (const id of ['gop1', 'pcmu']) {
      const parts = (await recorder.livePlaylist(id, 'sub', {})).matchAll(/#EXT-X-PART:DURATION=([\d.]+)/g);
      expect(new Set([...parts].map(([, seconds]) => Number(seconds))), id).toEqual(new Set([0.2]));
    }
  });

  it('turn the file at a keyframe and bound the live window, however long the GOP', async () => {
    await recorded('gop10', 12_000);
    const files = (await filesOf('gop10', 'sub')).sort();
    expect(files.length).toBeGreaterThanOrEqual(2);
    const playlist = await recorder.livePlaylist('gop10', 'sub', {});
    expect(playlist).toContain('#EXT-X-TARGETDURATION:10');
    const durations = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
    for (const seconds of durations) expect(seconds).toBeLessThan(10.5);
    expect(durations.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(45);
  });

  it('follow a rate that varies, and tell how far a camera clock runs ahead', async () => {
    await recorded('uneven', 10_000);
    const { frames, expected } = await played('uneven');
    // Half of the time every frame, half of it about one in four.
    expect(frames).toBeLessThan(expected * 0.8);
    expect(frames).toBeGreaterThan(expected * 0.5);
    expect(await expectAccounted('uneven')).toEqual([]);
    const metrics = (await recorder.streamMetrics()).find(({ cameraId }) => cameraId === 'fast')!;
    expect(metrics.driftMs).toBeLessThan(0);
    expect(await expectAccounted('fast')).toEqual([]);
  });

  it('have no sound unless it is switched on; then AAC is copied and G.711 becomes AAC, in step with the picture', async () => {
    for (const [id, rate] of [
      ['pcmu', '8000'],
      ['aac', '16000'],
    ] as const) {
      await recorded(id, 10_000);
      const [file] = (await filesOf(id, 'sub')).sort();
      const sound = await probe(file!, 'stream=codec_name,sample_rate,start_time,duration');
      expect(sound, id).toMatchObject({ codec_name: 'aac', sample_rate: rate });
      expect((await streamState(recorder, id, 'sub')).codecString).toMatch(/^avc1\.\w{6},mp4a\.40\.2$/);
      const { recorded: stretches } = await recorder.timeline(id, 'sub', startedMs, Date.now());
      const url = `${media.url}/${id}/sub/vod.m3u8?from=${stretches.at(-1)![0]}&to=${stretches.at(-1)![1]}`;
      await decodedFrames(url);
      expect(await probe(url, 'stream=codec_name')).toMatchObject({ codec_name: 'aac' });
    }
    const [from, to] = (await recorder.timeline('aac', 'sub', startedMs, Date.now())).recorded.at(-1)!;
    const clip = await recorder.clip('aac', 'sub', from, to, { exact: 'gop' });
    const path = join(directory, 'with-sound.mp4');
    await writeFile(path, clip.bytes);
    const { duration } = await probe(path, 'format=duration');
    expect(Math.abs(Number(duration) - (to - from) / 1000)).toBeLessThan(1.5);
    expect(await probe(path, 'stream=codec_name')).toMatchObject({ codec_name: 'aac' });
    expect(causes('pcmu')).toContain('audio_unsupported');
    const [file] = await filesOf('mute', 'sub');
    expect(await probe(file!, 'stream=codec_name')).toEqual({ codec_name: 'h264' });
  });
});

describe('faults of one stream', () => {
  it('are told within seconds, each with its cause', async () => {
    const expected: [string, string][] = [
      ['silent', 'no_frames'],
      ['hung', 'no_frames'],
      ['killed', 'ffmpeg_killed'],
      ['stopped', 'no_frames'],
      ['jumping', 'timestamps_jumped'],
      ['stuck', 'timestamps_stuck'],
    ];
    for (const [id, cause] of expected) {
      await until(`${id} is told as ${cause}`, faultMs, async () => causes(id).includes(cause));
    }
    await until('the new format is told', faultMs, async () => causes('changing', 'main').includes('format_changed'));
    await until('the hung camera is offline', faultMs, async () => causes('hung').includes('timeout'));
  });

  it('end a process that does not react by force', async () => {
    for (const pid of Object.values(signalled)) {
      await until('the process is gone', faultMs, async () => {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
        return stat === '' || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
      });
    }
    await Promise.all([recorded('killed', 2000, faultsFromMs), recorded('stopped', 2000, faultsFromMs + 8000)]);
    expect(await expectAccounted('killed')).toEqual(['server_crashed']);
    expect(await expectAccounted('stopped')).toEqual(['stream_stalled']);
  });

  it('report a frozen picture, which is recorded all the time, and its end; and no other', async () => {
    await until('the report', faultMs, async () => alarms.length > 0);
    expect(alarms).toEqual([
      { code: 'picture_frozen', active: true, detail: 'still/sub', cameraId: 'still', stream: 'sub' },
    ]);
    const frozen = await streamState(recorder, 'still', 'sub');
    expect(frozen.cause).toBe('picture_frozen');
    expect(frozen.frozenSinceMs).toBeGreaterThan(frozen.sinceMs - 1_000);
    expect(frozen.frozenSinceMs).toBeLessThan(Date.now());
    expect((await recorder.health()).alarms).toMatchObject([{ code: 'picture_frozen', detail: 'still/sub' }]);
    fleet.camera('still').misbehave('sub', {});
    await until('its end', faultMs, async () => alarms.at(-1)?.active === false);
    const moving = await streamState(recorder, 'still', 'sub');
    expect([moving.cause, moving.frozenSinceMs]).toEqual([null, undefined]);
    expect(await expectAccounted('still')).toEqual([]);
    expect(alarms).toHaveLength(2);
  });

  it('begin a new file with its own init when the resolution changes, and playback crosses it', async () => {
    await recorded('changing', 2000, faultsFromMs + 3000, 'main');
    expect(await streamState(recorder, 'changing', 'main')).toMatchObject({ width: 640, height: 360 });
    const sizes = new Set<string>();
    for (const file of await filesOf('changing', 'main')) {
      const { width, height } = await probe(file, 'stream=width,height').catch(() => ({ width: '', height: '' }));
      if (width) sizes.add(`${width}x${height}`);
    }
    expect(sizes).toEqual(new Set(['1920x1080', '640x360']));
    const parts = await partsByInit('changing', 'main');
    expect(parts).toHaveLength(2);
    const frames = (await Promise.all(parts.map(decodedFrames))).reduce((sum, count) => sum + count, 0);
    const seconds = (await recordedMs(recorder, 'changing', 'main', startedMs, parts.toMs)) / 1000;
    expect(Math.abs(frames - seconds * 25)).toBeLessThan(30);
    expect(new Set(await expectAccounted('changing', 'main'))).toEqual(new Set(['stream_stalled']));
    expect(await expectAccounted('changing', 'sub')).toEqual([]);
  });

  it('of timestamps that jump, run back or stand still stop no recording for long', async () => {
    await recorded('jumping', 3000, faultsFromMs);
    fleet.camera('jumping').misbehave('sub', {});
    await until('a clock that was set back', faultMs, async () => causes('jumping').includes('timestamps_stuck'));
    const backMs = Date.now();
    await Promise.all([recorded('jumping', 2000, backMs), recorded('stuck', 10_000)]);
    expect(new Set(await expectAccounted('jumping'))).toEqual(new Set(['stream_stalled']));
    expect(new Set(await expectAccounted('stuck'))).toEqual(new Set(['stream_stalled']));
    // Timed by arrival, the second run lasts.
    expect(causes('stuck').filter((cause) => cause === 'timestamps_stuck').length).toBeLessThanOrEqual(2);
  });

  it('are over when the camera is itself again', async () => {
    fleet.camera('silent').freeze(false);
    fleet.camera('hung').hang(false);
    fleet.camera('garbled').misbehave('sub', {});
    fleet.camera('noisy').misbehave('sub', {});
    const backMs = Date.now();
    await Promise.all(['silent', 'hung', 'garbled', 'noisy'].map((id) => recorded(id, 2000, backMs)));
    for (const id of ['silent', 'hung', 'garbled', 'noisy']) await expectAccounted(id);
  });

  it('never touch another camera, nor the other stream', async () => {
    const { recorded: stretches } = await recorder.timeline('calm', 'sub', startedMs, Date.now());
    expect(stretches).toHaveLength(1);
    expect(causes('calm').filter((cause) => cause !== null)).toEqual([]);
    const { frames, expected } = await played('calm');
    expect(Math.abs(frames - expected)).toBeLessThan(30);
  });

  it('leave whole files, each with its row, and no process', async () => {
    await recorder.stop();
    expect(await ffmpegProcesses(process.pid)).toEqual([]);
    const index = new ArchiveIndex(join(directory, 'archive.sqlite'));
    try {
      const check = await checkArchive(join(directory, 'archive'), index, { hashes: true });
      expect(check.differences).toEqual([]);
    } finally {
      index.close();
    }
  });
});
