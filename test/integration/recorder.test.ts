import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fleet } from '../../scripts/simulator/fleet.ts';
import { ArchiveIndex } from '../../server/recorder/archive/archive-index.ts';
import { checkArchive } from '../../server/recorder/archive/check.ts';
import type { Recorder } from '../../server/recorder/recorder.ts';
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
  testPassword,
  until,
} from '../support/recorder-fixture.ts';

let fleet: Fleet;
let directory: string;
let recorder: Recorder;
let media: MediaServer;
let startedMs: number;

beforeAll(async () => {
  fleet = await startCameras(['desk']);
  directory = await temporaryDirectory();
  recorder = await openRecorder(directory, { fileMs: 3000 });
  media = await serveMedia(recorder);
  startedMs = Date.now();
  await recorder.putCamera(recorderCamera(fleet.camera('desk')));
});

afterAll(async () => {
  await media?.close();
  await recorder?.stop();
  await fleet?.stop();
  await removeDirectory(directory);
});

describe('a recorder with one camera', () => {
  it('records both streams, each with its own format', async () => {
    for (const [stream, width, height] of [
      ['main', 1920, 1080],
      ['sub', 640, 360],
    ] as const) {
      const state = await until(`${stream} recording at its frame rate`, 20_000, async () => {
        const found = await streamState(recorder, 'desk', stream);
        return found.state === 'recording' && found.fps > 0 && found;
      });
      expect(state).toMatchObject({ codec: 'h264', width, height, fps: 25, cause: null });
      expect(state.codecString).toMatch(/^avc1\.[0-9a-f]{6}$/);
    }
  });

  it('gives small pictures of what both streams show now, and of none that is not there', async () => {
    const places = [
      { cameraId: 'desk', stream: 'main' },
      { cameraId: 'desk', stream: 'sub' },
      { cameraId: 'nobody', stream: 'sub' },
    ] as const;
    const samples = await recorder.samples(places);
    expect(samples.map(({ cameraId, stream, grey }) => [cameraId, stream, grey.length])).toEqual([
      ['desk', 'main', 320 * 180],
      ['desk', 'sub', 320 * 180],
    ]);
    const [main, sub] = samples;
    expect(Math.abs(Date.now() - (sub?.mediaTimeMs ?? 0))).toBeLessThan(10_000);
    // One scene in two sizes: pixel by pixel nearly the same, wherever the two keyframes were taken.
    const apart = [...(main?.grey ?? [])].filter((pixel, i) => Math.abs(pixel - (sub?.grey[i] ?? 0)) > 24).length;
    expect(apart / (320 * 180)).toBeLessThan(0.2);
    expect(sub?.colour).toBeGreaterThan(2);
  });

  it('puts credentials on no command line', async () => {
    const processes = await ffmpegProcesses(process.pid);
    expect(processes).toHaveLength(2);
    for (const { pid, commandLine } of processes) {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
      for (const secret of [testPassword, encodeURIComponent(testPassword), 'rtsp://']) {
        expect(commandLine).not.toContain(secret);
        expect(environment).not.toContain(secret);
      }
    }
  });

  it('answers a blocking reload with the next part as soon as it is there', async () => {
    const playlist = await recorder.livePlaylist('desk', 'main', {});
    const msn = Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1]) + (playlist.match(/#EXTINF/g)?.length ?? 0);
    const next = await recorder.livePlaylist('desk', 'main', { msn: msn + 1, part: 0 });
    expect(next).toContain(`-s${msn}.mp4`);
    const hinted = /PRELOAD-HINT:TYPE=PART,URI="live\/([^"]+)"/.exec(next)?.[1] ?? '';
    const part = await recorder.liveResource('desk', 'main', hinted);
    expect(Buffer.from(part.bytes).toString('latin1', 4, 8)).toBe('moof');
    await expect(recorder.livePlaylist('desk', 'main', { msn: msn + 50 })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(recorder.livePlaylist('desk', 'main', { part: 1 })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('serves a live playlist that a player decodes', async () => {
    // Two reloads further the playlist starts in the middle of the stream, as for any viewer.
    const { width, codec_name } = await probe(`${media.url}/desk/sub/live.m3u8`, 'stream=width,codec_name');
    expect({ width, codec_name }).toEqual({ width: '640', codec_name: 'h264' });
  });

  it('plays a stretch over the boundaries of files in its full length', async () => {
    await until(
      'two closed files and an open one',
      20_000,
      async () => (await recordedMs(recorder, 'desk', 'main', startedMs)) > 8000,
    );
    const { recorded } = await recorder.timeline('desk', 'main', startedMs, Date.now());
    expect(recorded).toHaveLength(1);
    const from = recorded[0]![0];
    // Half a second into a group of pictures: the playlist goes on to the end of the group.
    const to = from + 6500;
    const url = `${media.url}/desk/main/vod.m3u8?from=${from}&to=${to}`;
    const playlist = await (await fetch(url)).text();
    expect(new Set(playlist.match(/^file\/.*$/gm)).size).toBeGreaterThanOrEqual(3);
    expect(playlist).not.toContain('#EXT-X-DISCONTINUITY\n');
    const seconds = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
    expect(seconds).toBeCloseTo(7, 3);
    expect(await decodedFrames(url)).toBe(175);
  });

  it('writes files that begin at zero and play alone', async () => {
    const { recorded } = await recorder.timeline('desk', 'main', startedMs, Date.now());
    const playlist = await recorder.vodPlaylist('desk', 'main', recorded[0]![0], recorded[0]![1]);
    const names = [...new Set([...playlist.matchAll(/^file\/(\d+)[_.].*$/gm)].map((match) => `${match[1]}.mp4`))];
    const second = names[1]!;
    const date = new Date(Number(second.split('.')[0])).toISOString();
    const path = join(directory, 'archive', 'desk', 'main', date.slice(0, 10), date.slice(11, 13), second);
    const { start_time, duration } = await probe(path, 'format=start_time,duration');
    expect(Number(start_time)).toBe(0);
    expect(Number(duration)).toBeCloseTo(3, 1);
    const { fromMs, toMs } = await recorder.recordedFileTime('desk', 'main', second);
    expect(Math.abs(toMs - fromMs - Number(duration) * 1000)).toBeLessThan(50);
    await expect(recorder.recordedFileTime('desk', 'main', '../1.mp4')).rejects.toMatchObject({ code: 'media_gone' });
  });

  it('gives the keyframe and a still of a recorded moment and of the newest', async () => {
    const { recorded } = await recorder.timeline('desk', 'main', startedMs, Date.now());
    const atMs = recorded[0]![0] + 2500;
    const keyframe = await recorder.keyframe('desk', 'main', atMs);
    expect(keyframe.mediaTimeMs).toBeLessThanOrEqual(atMs);
    expect(atMs - keyframe.mediaTimeMs).toBeLessThanOrEqual(1000);
    const still = await recorder.still('desk', 'main', atMs);
    expect(still.mediaTimeMs).toBe(keyframe.mediaTimeMs);
    expect([...still.jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    const newest = await recorder.still('desk', 'sub');
    expect(newest.mediaTimeMs).toBeGreaterThan(atMs);
    await expect(recorder.still('desk', 'main', recorded[0]![0] - 60_000)).rejects.toMatchObject({
      code: 'nothing_recorded',
    });
  });

  it('stops within three seconds, leaves no ffmpeg, and has a row for every file', async () => {
    const before = performance.now();
    await recorder.stop();
    expect(performance.now() - before).toBeLessThan(3000);
    expect(await ffmpegProcesses(process.pid)).toEqual([]);
    const index = new ArchiveIndex(join(directory, 'archive.sqlite'));
    try {
      const check = await checkArchive(join(directory, 'archive'), index, { hashes: true });
      expect(check.differences).toEqual([]);
      expect(check.files).toBeGreaterThanOrEqual(6);
    } finally {
      index.close();
    }
    expect(await readdir(directory)).not.toContain('recorder.lock');
  });

  it('explains the time between a stop and the next start', async () => {
    recorder = await openRecorder(directory, { fileMs: 3000 });
    await recorder.putCamera(recorderCamera(fleet.camera('desk')));
    await until(
      'recording again',
      20_000,
      async () => (await streamState(recorder, 'desk', 'main')).state === 'recording',
    );
    const gap = await until('the gap, and what follows it', 5000, async () => {
      const { recorded, gaps } = await recorder.timeline('desk', 'main', startedMs, Date.now());
      return recorded.length === 2 && gaps.find((candidate) => candidate.reason === 'server_stopped');
    });
    const { recorded, gaps } = await recorder.timeline('desk', 'main', startedMs, Date.now());
    expect(gaps.map((candidate) => candidate.reason)).toEqual(['schedule', 'server_stopped']);
    expect(recorded[0]![1]).toBe(gap.from);
    expect(recorded[1]![0]).toBe(gap.to);
  });
});
