import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clip, Recorder } from '../../server/recorder/recorder.ts';
import { frameMs, frameNumbers, gopFrames, isUnbroken, recordFootage } from '../support/archive-fixture.ts';
import {
  ffmpegProcesses,
  openRecorder,
  probe,
  removeDirectory,
  temporaryDirectory,
  until,
} from '../support/recorder-fixture.ts';

/** Ten seconds before a full hour. */
const startMs = Math.floor(Date.now() / 3_600_000 - 2) * 3_600_000 - 10_000;
const run = promisify(execFile);
let directory: string;
let recorder: Recorder;

beforeAll(async () => {
  directory = await temporaryDirectory();
  // Two files that touch over the turn of the hour, then a hole of 5 s, then a third.
  await recordFootage(directory, 'desk', startMs, { seconds: 10 });
  await recordFootage(directory, 'desk', startMs + 10_000, { seconds: 10, firstFrame: 250 });
  await recordFootage(directory, 'desk', startMs + 25_000, { seconds: 10, firstFrame: 625 });
  await recordFootage(directory, 'desk-b', startMs, { seconds: 10, reordered: true });
  await recordFootage(directory, 'desk-sound', startMs, { seconds: 10, sound: true });
  await recordFootage(directory, 'desk-265', startMs, { seconds: 10, codec: 'h265' });
  await recordFootage(directory, 'desk-jpeg', startMs, { seconds: 6, codec: 'mjpeg' });
  // The camera is set to another size while it records.
  await recordFootage(directory, 'desk-size', startMs, { seconds: 6 });
  await recordFootage(directory, 'desk-size', startMs + 6000, { seconds: 6, firstFrame: 150, width: 320 });
  recorder = await openRecorder(directory);
});

afterAll(async () => {
  await recorder?.stop();
  await removeDirectory(directory);
});

async function saved(clip: Clip): Promise<string> {
  const path = join(directory, `${crypto.randomUUID()}.mp4`);
  await pipeline(clip.bytes, createWriteStream(path));
  return path;
}

async function clipOf(camera: string, from: number, to: number, exact: 'gop' | 'frame') {
  const clip = await recorder.clip(camera, 'main', startMs + from, startMs + to, { exact });
  const path = await saved(clip);
  const facts = await probe(path, 'stream=codec_name,codec_tag_string,start_time,nb_frames:format=duration');
  return { clip, path, facts, ms: Number(facts.duration) * 1000, numbers: await frameNumbers(path) };
}

describe('a clip exact to the group of pictures', () => {
  it('runs from the keyframe before to the keyframe after, over files, every frame once and as it was recorded', async () => {
    const { clip, facts, ms, numbers } = await clipOf('desk', 3000, 13_000, 'gop');
    expect({ from: clip.fromMs - startMs, to: clip.toMs - startMs }).toEqual({ from: 2000, to: 14_000 });
    expect(clip).toMatchObject({ reencoded: 'none', missing: [], contentType: 'video/mp4' });
    expect(ms).toBeCloseTo(12_000, 0);
    expect(clip.durationMs).toBe(12_000);
    expect(facts).toMatchObject({ codec_name: 'h264', codec_tag_string: 'avc1', nb_frames: '300' });
    expect(numbers[0]).toBe(gopFrames);
    expect(isUnbroken(numbers)).toBe(true);
  });

  it('lists what is missing, with its reason, and nothing else', async () => {
    const { clip, ms } = await clipOf('desk', 16_000, 29_000, 'gop');
    expect(clip.missing).toEqual([{ fromMs: startMs + 20_000, toMs: startMs + 25_000, reason: 'unknown' }]);
    expect(ms).toBeCloseTo(8000, 0);
  });

  it('says of time that is still to come that it is not yet recorded', async () => {
    const laterMs = Date.now() + 3_600_000;
    const clip = await recorder.clip('desk', 'main', startMs + 30_000, laterMs, { exact: 'gop' });
    await clip.discard();
    expect(clip.missing.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^server_/), 'not_yet_recorded']);
    expect(clip.missing.map(({ fromMs }) => fromMs)).toEqual([startMs + 35_000, clip.missing[0]?.toMs]);
    expect(clip.missing[1]?.toMs).toBe(laterMs);
  });

  it('keeps H.265 as it is, under the name that players know', async () => {
    const { clip, facts, numbers } = await clipOf('desk-265', 3000, 7000, 'gop');
    expect(facts).toMatchObject({ codec_name: 'hevc', codec_tag_string: 'hvc1' });
    expect(clip.reencoded).toBe('none');
    expect([numbers.length, isUnbroken(numbers)]).toEqual([150, true]);
  });

  it('keeps MJPEG as it is, exact to the frame, since every frame is a keyframe', async () => {
    const { facts, ms } = await clipOf('desk-jpeg', 1000, 3000, 'gop');
    expect(facts).toMatchObject({ codec_name: 'mjpeg', nb_frames: '50' });
    expect(ms).toBeCloseTo(2000, 0);
  });

  it('fits footage of two sizes into the first, and says that it was encoded anew', async () => {
    const { clip, numbers } = await clipOf('desk-size', 0, 12_000, 'gop');
    expect(clip.reencoded).toBe('all');
    expect([numbers.length, isUnbroken(numbers)]).toEqual([300, true]);
  });
});

describe('a clip exact to the frame', () => {
  it.each([
    ['within one group', 2200, 3400],
    ['over groups and files', 3333, 12_777],
    ['from a keyframe on', 4000, 7520],
    ['to the end of the last group', 5100, 8000],
  ])('begins and ends with the frames that were asked for: %s', async (_, from, to) => {
    const { clip, ms, numbers } = await clipOf('desk', from, to, 'frame');
    expect(Math.abs(ms - (to - from))).toBeLessThanOrEqual(frameMs);
    const first = Math.ceil(from / frameMs);
    const count = Math.ceil(to / frameMs) - first;
    expect([numbers[0], numbers.length]).toEqual([first % 100, count]);
    expect(isUnbroken(numbers)).toBe(true);
    expect(clip.missing).toEqual([]);
  });

  it('encodes the first group of pictures only, and nothing at all when it begins with a keyframe', async () => {
    expect((await clipOf('desk', 3000, 9000, 'frame')).clip.reencoded).toBe('edges');
    expect((await clipOf('desk', 4000, 8200, 'frame')).clip.reencoded).toBe('none');
  });

  it.each(['desk-265', 'desk-b'])(
    'encodes all where pieces cannot be joined exactly, and says so: %s',
    async (camera) => {
      const { clip, facts, ms, numbers } = await clipOf(camera, 2600, 7400, 'frame');
      expect(clip.reencoded).toBe('all');
      expect(facts.codec_name).toBe('h264');
      expect(Math.abs(ms - 4800)).toBeLessThanOrEqual(frameMs);
      expect([numbers[0], numbers.length, isUnbroken(numbers)]).toEqual([65, 120, true]);
    },
  );

  it('leaves out what is missing between its ends', async () => {
    const { clip, ms } = await clipOf('desk', 15_500, 30_500, 'frame');
    expect(clip.missing.map(({ fromMs, toMs }) => toMs - fromMs)).toEqual([5000]);
    expect(Math.abs(ms + 5000 - 15_000)).toBeLessThanOrEqual(frameMs);
  });
});

describe('a clip of a camera with sound', () => {
  it.each(['gop', 'frame'] as const)('has both, as long as each other: %s', async (exact) => {
    const { path, ms, numbers } = await clipOf('desk-sound', 3000, 7000, exact);
    const wantedMs = exact === 'gop' ? 6000 : 4000;
    // The encoder of the sound makes every picture of this file after the first 64 ms later.
    expect([numbers[0], isUnbroken(numbers)]).toEqual([exact === 'gop' ? 50 : 74, true]);
    expect(Math.abs(numbers.length * frameMs - wantedMs)).toBeLessThanOrEqual(frameMs);
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=codec_name,duration', '-of', 'csv=p=0', path],
    ]);
    const [codec, seconds] = stdout.trim().split(',');
    expect(codec).toBe('aac');
    // A frame of sound is 64 ms at 16 kHz.
    expect(Math.abs(Number(seconds) * 1000 - wantedMs)).toBeLessThanOrEqual(200);
    expect(Math.abs(ms - wantedMs)).toBeLessThanOrEqual(200);
  });
});

describe('a clip over a volume that is away', () => {
  /** Ten seconds on the first volume, ten on the second, ten on the first again, over one GOP after the other. */
  async function twoVolumes(lookEveryMs: number) {
    const root = await mkdtemp(join(directory, 'volumes-'));
    const volumes = ['one', 'two'].map((name) => ({
      ...{ name, path: join(root, name, 'archive'), limitBytes: null, reserveBytes: 2 ** 20 },
    }));
    for (const { path } of volumes) await mkdir(path, { recursive: true });
    await (await openRecorder(root, { volumes })).stop();
    await recordFootage(join(root, 'one'), 'desk', startMs, { seconds: 10 });
    await recordFootage(join(root, 'two'), 'desk', startMs + 10_000, { seconds: 10, firstFrame: 250 });
    await recordFootage(join(root, 'one'), 'desk', startMs + 20_000, { seconds: 10, firstFrame: 500 });
    const opened = await openRecorder(root, { volumes, lookEveryMs });
    const away = () => rename(join(root, 'two', 'archive'), join(root, 'two', 'elsewhere'));
    return { opened, away };
  }

  it.each([
    ['known to be away', 50],
    ['that nobody has looked at since it went', 600_000],
  ])('is made of the rest, and lists what lies there: %s', async (_, lookEveryMs) => {
    const { opened, away } = await twoVolumes(lookEveryMs);
    try {
      await away();
      if (lookEveryMs < 1000) {
        await until('offline', 10_000, async () => (await opened.health()).volumes?.[1]?.state === 'offline');
      }
      for (const exact of ['gop', 'frame'] as const) {
        const clip = await opened.clip('desk', 'main', startMs + 4000, startMs + 26_000, { exact });
        const path = await saved(clip);
        expect(clip.missing).toEqual([{ fromMs: startMs + 10_000, toMs: startMs + 20_000, reason: 'volume_offline' }]);
        const ms = Number((await probe(path, 'format=duration')).duration) * 1000;
        expect(Math.abs(ms + 10_000 - 22_000)).toBeLessThanOrEqual(frameMs);
        const numbers = await frameNumbers(path);
        expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([300, 0, 49]);
      }
      await expect(
        opened.clip('desk', 'main', startMs + 11_000, startMs + 19_000, { exact: 'gop' }),
      ).rejects.toMatchObject({ code: 'volume_offline', kind: 'unavailable' });
    } finally {
      await opened.stop();
    }
  });
});

describe('the making of clips', () => {
  it('refuses what is too long, turned around, or of a camera that is not there', async () => {
    const clip = (camera: string, from: number, to: number, exact: 'gop' | 'frame' = 'gop') =>
      recorder.clip(camera, 'main', startMs + from, startMs + to, { exact });
    await expect(clip('desk', 0, 4 * 3_600_000 + 1)).rejects.toMatchObject({ code: 'clip_too_long' });
    await expect(clip('desk-265', 0, 3_600_001, 'frame')).rejects.toMatchObject({ code: 'clip_too_long' });
    await expect(clip('desk', 5, 5)).rejects.toMatchObject({ code: 'range_invalid' });
    await expect(clip('other', 0, 5)).rejects.toMatchObject({ code: 'camera_unknown' });
    await expect(clip('desk', -9000, -5000)).rejects.toMatchObject({ code: 'nothing_recorded' });
  });

  it('makes four at once and refuses the fifth until one has been taken', async () => {
    const ask = () => recorder.clip('desk', 'main', startMs, startMs + 4000, { exact: 'gop' });
    const four = await Promise.all([ask(), ask(), ask(), ask()]);
    await expect(ask()).rejects.toMatchObject({ code: 'clips_busy', kind: 'unavailable' });
    await four[0]!.discard();
    await saved(await ask());
    for (const clip of four) await clip.discard();
    expect(await readdir(join(directory, 'clips'))).toEqual([]);
  });

  it('ends with its caller and leaves neither a file nor a process', async () => {
    const abort = new AbortController();
    const making = recorder.clip('desk-265', 'main', startMs, startMs + 9990, { exact: 'frame', signal: abort.signal });
    making.catch(() => {});
    await until('ffmpeg at work', 10_000, async () => (await ffmpegProcesses(process.pid)).length > 0);
    abort.abort();
    await expect(making).rejects.toMatchObject({ code: 'clip_cancelled' });
    expect(await ffmpegProcesses(process.pid)).toEqual([]);
    expect(await readdir(join(directory, 'clips'))).toEqual([]);
  });

  it('removes the file of a reader who goes half way', async () => {
    const clip = await recorder.clip('desk', 'main', startMs, startMs + 10_000, { exact: 'gop' });
    for await (const _ of clip.bytes) break;
    expect(await readdir(join(directory, 'clips'))).toEqual([]);
  });
});
