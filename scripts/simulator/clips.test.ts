import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClipFiles, type ClipRequest, ensureClips } from './clips.ts';
import { decodeFrameNumber } from './frame-strip.ts';
import { castScene } from './scenes/casting.ts';

const run = promisify(execFile);
const BINARY = { encoding: 'buffer' as const, maxBuffer: 256 * 1024 * 1024 };

let cacheDirectory: string;
const request: ClipRequest = { scene: castScene(0, 'Quầy số 1', 'Phường Thử'), loopFrames: 50 };

beforeAll(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'clips-'));
});
afterAll(() => rm(cacheDirectory, { recursive: true, force: true }));

async function made(more: Partial<ClipRequest> = {}): Promise<ClipFiles> {
  const [clip] = await ensureClips([{ ...request, ...more }], { cacheDirectory });
  return clip!;
}

/** The number in the strip of every frame, decoded by ffmpeg. */
async function frameNumbers(path: string, width: number, height: number): Promise<(number | undefined)[]> {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
    BINARY,
  );
  const size = width * height;
  return Array.from({ length: stdout.length / size }, (_, n) =>
    decodeFrameNumber((x, y) => stdout[n * size + y * width + x] ?? 0, width, height),
  );
}

async function pictureTypes(path: string): Promise<string> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'frame=pict_type', '-of', 'csv=p=0', path]);
  return stdout.replace(/[^IPB]/g, '');
}

const LOOP = Array.from({ length: 50 }, (_, frame) => frame);
const ONE_KEYFRAME_A_SECOND = `I${'P'.repeat(24)}`.repeat(2);

describe('a clip of a simulated camera', () => {
  it.each(['h264', 'h265'] as const)(
    'in %s carries its frame numbers through the codec, in main and sub',
    async (codec) => {
      const { main, sub } = await made({ codec });
      expect(await frameNumbers(main.path, 1920, 1080)).toEqual(LOOP);
      expect(await frameNumbers(sub.path, 640, 360)).toEqual(LOOP);
      expect(await pictureTypes(main.path)).toBe(ONE_KEYFRAME_A_SECOND);
      expect(await pictureTypes(sub.path)).toBe(ONE_KEYFRAME_A_SECOND);
    },
  );

  it('is made once, and shared by equal requests', async () => {
    const { main } = await made();
    const before = await stat(main.path);
    const progress: number[] = [];
    const clips = await ensureClips([request, request], {
      cacheDirectory,
      onProgress: ({ frames }) => progress.push(frames),
    });
    expect(clips.map((clip) => clip.main.path)).toEqual([main.path, main.path]);
    expect((await stat(main.path)).mtimeMs).toBe(before.mtimeMs);
    expect(progress).toEqual([]);
  });

  it('is another one as soon as anything of its content differs', async () => {
    const base = await made();
    const others = [await made({ loopFrames: 25 }), await made({ scene: { ...request.scene, plate: 'QUẦY SỐ 2' } })];
    for (const other of others) expect(other.directory).not.toBe(base.directory);
  });

  it('has the constant bit rate that a benchmark asks for', async () => {
    const { main, sub } = await made({ bitrate: { mainKbps: 3000, subKbps: 500 } });
    const kbps = async (path: string) => ((await stat(path)).size * 8) / 2 / 1000;
    expect(Math.abs((await kbps(main.path)) - 3000)).toBeLessThan(300);
    expect(Math.abs((await kbps(sub.path)) - 500)).toBeLessThan(50);
  });

  it('leaves nothing behind when its making is interrupted', async () => {
    const before = await readdir(cacheDirectory);
    const abort = new AbortController();
    const long: ClipRequest = { ...request, loopFrames: 1500 };
    const onProgress = () => abort.abort();
    await expect(ensureClips([long], { cacheDirectory, signal: abort.signal, onProgress })).rejects.toThrow(/abort/i);
    expect(await readdir(cacheDirectory)).toEqual(before);
  });

  it('is not kept waiting by what a killed run left: that is removed once it is old', async () => {
    const [old, fresh] = ['old.part', 'fresh.part'].map((name) => join(cacheDirectory, name));
    await mkdir(old!);
    await mkdir(fresh!);
    await utimes(old!, new Date(0), new Date(0));
    await made();
    const left = await readdir(cacheDirectory);
    expect(left).toContain('fresh.part');
    expect(left).not.toContain('old.part');
  });

  it('refuses a loop that is no whole number of GOPs', async () => {
    await expect(made({ loopFrames: 60 })).rejects.toThrow(RangeError);
  });
});
