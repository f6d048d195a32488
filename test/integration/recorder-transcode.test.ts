import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../../scripts/simulator/fleet.ts';
import { castScene } from '../../scripts/simulator/scenes/casting.ts';
import type { Recorder } from '../../server/recorder/recorder.ts';
import { frameNumbers, isUnbroken, recordFootage } from '../support/archive-fixture.ts';
import {
  ffmpegProcesses,
  type MediaServer,
  openRecorder,
  probe,
  recorderCamera,
  removeDirectory,
  serveMedia,
  streamState,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

const startMs = Math.floor(Date.now() / 3_600_000 - 2) * 3_600_000;
let directory: string;
let recorder: Recorder;
let media: MediaServer;
let fleet: Fleet;

const transcodes = async () =>
  (await ffmpegProcesses(process.pid)).filter(({ commandLine }) => commandLine.includes('libx264'));

beforeAll(async () => {
  directory = await temporaryDirectory();
  await recordFootage(directory, 'hall-265', startMs, { seconds: 10, codec: 'h265' });
  await recordFootage(directory, 'hall-265', startMs + 10_000, { seconds: 6, codec: 'h265', firstFrame: 250 });
  await recordFootage(directory, 'hall-jpeg', startMs, { seconds: 6, codec: 'mjpeg' });
  await recordFootage(directory, 'hall-264', startMs, { seconds: 6 });
  recorder = await openRecorder(directory, { transcodes: 1, transcodeIdleMs: 4000 });
  media = await serveMedia(recorder);
  fleet = await startFleet({
    cameras: ['a', 'b', 'jpeg'].map((id) => ({
      id,
      name: id,
      desk: 'Quầy số 1',
      scene: castScene(0, 'Quầy số 1', 'Phường Thử'),
      username: 'ghi hình',
      password: 'mật khẩu',
      ...(id === 'jpeg' && { encoding: { codec: 'mjpeg' as const, loopFrames: 50 } }),
    })),
    codec: 'h265',
    loopFrames: 100,
    discovery: false,
  });
  for (const id of ['a', 'b', 'jpeg']) await recorder.putCamera(recorderCamera(fleet.camera(id), ['sub']));
  for (const id of ['a', 'b', 'jpeg']) {
    await until(`${id} recording`, 30_000, async () => (await streamState(recorder, id, 'sub')).state === 'recording');
  }
});

afterAll(async () => {
  await media?.close();
  await recorder?.stop();
  await fleet?.stop();
  await removeDirectory(directory);
});

describe('playback as H.264', () => {
  it('names stretches of H.265 that decode to every frame, over files', async () => {
    const url = `${media.url}/hall-265/main/vod.m3u8?from=${startMs + 3000}&to=${startMs + 13_000}&as=h264`;
    const playlist = await (await fetch(url)).text();
    expect(playlist).not.toContain('BYTERANGE');
    expect(playlist.match(/#EXT-X-MAP/g)).toHaveLength(1);
    expect(await probe(url, 'stream=codec_name,width')).toMatchObject({ codec_name: 'h264', width: '160' });
    const numbers = await frameNumbers(url);
    expect([numbers[0], numbers.length, isUnbroken(numbers)]).toEqual([50, 300, true]);
    expect(await transcodes()).toEqual([]);
  });

  it('transcodes a stretch once, however many ask, and keeps it', async () => {
    const playlist = await recorder.vodPlaylist('hall-265', 'main', startMs, startMs + 1000, 'h264');
    const name = /^file\/(h264-.+)$/m.exec(playlist)?.[1] ?? '';
    const ask = () => recorder.recordedBytes('hall-265', 'main', name, null);
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(one.bytes).toBe(two.bytes);
    expect((await ask()).bytes).toBe(one.bytes);
    const time = await recorder.recordedFileTime('hall-265', 'main', name);
    expect(time).toEqual({ fromMs: startMs, toMs: startMs + 2000 });
    await expect(recorder.recordedBytes('hall-264', 'main', name, null)).rejects.toMatchObject({ code: 'media_gone' });
    const beside = name.replace(/-(\d+)-(\d+)-0\.mp4$/, (_, from, to) => `-${Number(from) + 1}-${to}-0.mp4`);
    await expect(recorder.recordedBytes('hall-265', 'main', beside, null)).rejects.toMatchObject({
      code: 'media_gone',
    });
  });

  it('plays MJPEG, and leaves H.264 as it is', async () => {
    const jpeg = `${media.url}/hall-jpeg/main/vod.m3u8?from=${startMs}&to=${startMs + 6000}&as=h264`;
    expect((await frameNumbers(jpeg)).length).toBe(150);
    const plain = await recorder.vodPlaylist('hall-264', 'main', startMs, startMs + 6000);
    expect(await recorder.vodPlaylist('hall-264', 'main', startMs, startMs + 6000, 'h264')).toBe(plain);
  });

  it('gives the picture of a keyframe as H.264, and a still of any codec', async () => {
    for (const camera of ['hall-265', 'hall-jpeg', 'hall-264']) {
      const keyframe = await recorder.keyframe(camera, 'main', startMs + 2500, 'h264');
      expect(keyframe.codecString).toMatch(/^avc1\./);
      const path = join(directory, 'keyframe.mp4');
      await writeFile(path, keyframe.bytes);
      expect((await frameNumbers(path)).length).toBeGreaterThan(0);
      const still = await recorder.still(camera, 'main', startMs + 2500);
      expect(still.mediaTimeMs).toBe(keyframe.mediaTimeMs);
      expect([...still.jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    }
    const newest = await recorder.still('a', 'sub');
    expect([...newest.jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  });
});

describe('live as H.264', () => {
  it('gives two viewers of H.265 one transcode, near to the edge, and ends it when both have gone', async () => {
    expect(await streamState(recorder, 'a', 'sub')).toMatchObject({ codec: 'h265' });
    const [one, two] = await Promise.all([
      recorder.livePlaylist('a', 'sub', { as: 'h264' }),
      recorder.livePlaylist('a', 'sub', { as: 'h264' }),
    ]);
    expect(await transcodes()).toHaveLength(1);
    for (const playlist of [one, two]) expect(playlist).toMatch(/URI="live\/h264-\w+-p0\.mp4",INDEPENDENT=YES/);
    const url = `${media.url}/a/sub/live.m3u8?as=h264`;
    // ffmpeg reads whole segments only.
    await until('three segments', 15_000, async () => (await (await fetch(url)).text()).split('#EXTINF').length > 3);
    expect(await probe(url, 'stream=codec_name,width')).toMatchObject({ codec_name: 'h264', width: '640' });

    const text = await (await fetch(url)).text();
    const dates = [...text.matchAll(/PROGRAM-DATE-TIME:(.+)/g)].map((match) => Date.parse(match[1]!));
    const plain = await recorder.livePlaylist('a', 'sub', {});
    const edges = [...plain.matchAll(/PROGRAM-DATE-TIME:(.+)/g)].map((match) => Date.parse(match[1]!));
    expect(Math.abs(dates.at(-1)! - edges.at(-1)!)).toBeLessThan(3000);

    // The one place is taken by this stream.
    await expect(recorder.livePlaylist('b', 'sub', { as: 'h264' })).rejects.toMatchObject({
      code: 'transcodes_busy',
      kind: 'unavailable',
    });
    await until('the transcode gone', 20_000, async () => (await transcodes()).length === 0);
    const name = /live\/(h264-[^"]+)/.exec(text)?.[1] ?? '';
    await expect(recorder.liveResource('a', 'sub', name)).rejects.toMatchObject({ code: 'media_gone' });
  });

  it('goes on while somebody waits for the next part, and never opens a second connection to the camera', async () => {
    let playlist = await recorder.livePlaylist('b', 'sub', { as: 'h264' });
    const untilMs = performance.now() + 4000;
    while (performance.now() < untilMs) {
      const msn = Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]) + (playlist.match(/#EXTINF/g)?.length ?? 0);
      playlist = await recorder.livePlaylist('b', 'sub', { as: 'h264', msn });
    }
    expect(await transcodes()).toHaveLength(1);
    const readers = (await ffmpegProcesses(process.pid)).filter(({ commandLine }) => commandLine.includes('concat'));
    expect(readers).toHaveLength(3);
    await recorder.removeCamera('b');
    expect(await transcodes()).toEqual([]);
  });
});

describe('a camera of MJPEG', () => {
  it('is recorded as it comes, in parts of 200 ms though every frame is a keyframe', async () => {
    expect(await streamState(recorder, 'jpeg', 'sub')).toMatchObject({ codec: 'mjpeg', width: 640, height: 360 });
    const playlist = await recorder.livePlaylist('jpeg', 'sub', {});
    const parts = [...playlist.matchAll(/#EXT-X-PART:DURATION=([\d.]+).*INDEPENDENT=YES/g)].map(([, s]) => Number(s));
    expect(parts.length).toBeGreaterThan(10);
    expect(new Set(parts)).toEqual(new Set([0.2]));
    const [from, to] = (await recorder.timeline('jpeg', 'sub', Date.now() - 60_000, Date.now())).recorded.at(-1)!;
    const url = `${media.url}/jpeg/sub/vod.m3u8?from=${from}&to=${to}`;
    expect(await probe(url, 'stream=codec_name,width')).toMatchObject({ codec_name: 'mjpeg', width: '640' });
    const numbers = await frameNumbers(url);
    expect(Math.abs(numbers.length - ((to - from) / 1000) * 25)).toBeLessThan(15);
    const newest = await recorder.still('jpeg', 'sub');
    expect([...newest.jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  });

  it('is given to browsers as H.264, recorded and live', async () => {
    const [from] = (await recorder.timeline('jpeg', 'sub', Date.now() - 60_000, Date.now())).recorded.at(-1)!;
    const url = `${media.url}/jpeg/sub/vod.m3u8?from=${from}&to=${from + 2000}&as=h264`;
    expect(await probe(url, 'stream=codec_name')).toMatchObject({ codec_name: 'h264' });
    expect((await frameNumbers(url)).length).toBeGreaterThanOrEqual(50);
    const live = await recorder.livePlaylist('jpeg', 'sub', { as: 'h264' });
    expect(live).toMatch(/URI="live\/h264-\w+-p0\.mp4",INDEPENDENT=YES/);
    expect(await transcodes()).toHaveLength(1);
  });
});
