import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frame, initSegment, secondsOf, timescale } from '../../../test/support/fmp4-fixture.ts';
import { recordingPath } from '../archive/paths.ts';
import { shiftDecodeTimes } from '../fmp4/fragment.ts';
import type { MediaBytes } from '../recorder.ts';
import { ArchiveReader } from './archive-reader.ts';
import { vodFileName } from './vod-file-name.ts';

const startMs = 1_790_000_000_000;
const seconds = 24;
const megabyte = 2 ** 20;
const init = initSegment();
/** 24 groups of pictures of some 512 KB each: 12 MB. */
const fragments = secondsOf(seconds, 0, 100_000);
const folder = mkdtempSync(join(tmpdir(), 'lienthong-reader-'));
const whole = Buffer.concat([init, ...fragments]);
let reader: ArchiveReader;

beforeAll(() => {
  const file = join(folder, recordingPath({ cameraId: 'cam1', stream: 'main', startMs }));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, whole);
  const group = fragments.slice(0, 5).reduce((sum, { length }) => sum + length, 0);
  const recording = {
    startMs,
    endMs: startMs + seconds * 1000,
    bytes: whole.length,
    initBytes: init.length,
    initId: 'init',
    timescale,
    mediaDuration: seconds * timescale,
    codec: 'avc1.640028',
    keyframes: Array.from({ length: seconds }, (_, i) => ({ time: i * 25 * frame, offset: init.length + i * group })),
  };
  const volumes = { online: () => ({ path: folder }), offlineIds: () => [] };
  reader = new ArchiveReader(volumes as never, {} as never, () => [recording as never]);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function piecesOf({ bytes, rest }: MediaBytes): Promise<Uint8Array[]> {
  const pieces = [bytes];
  for await (const piece of rest ?? []) pieces.push(piece);
  return pieces;
}

function shifted(by: number): Buffer {
  const copy = Buffer.from(whole);
  shiftDecodeTimes(copy, by);
  return copy;
}

describe('a range of a recording file', () => {
  it.each([
    ['the whole file', null, 0],
    ['the whole file with other decode times', null, 900_000],
    ['a long range', { start: 5_000, end: 9 * megabyte }, 0],
    ['a long range with other decode times', { start: 5_000, end: 9 * megabyte }, 900_000],
    ['a short range', { start: 700_000, end: 701_000 }, 0],
    ['the init', { start: 0, end: init.length - 1 }, 900_000],
    ['past the end', { start: 11 * megabyte, end: Number.MAX_SAFE_INTEGER }, 900_000],
  ])('%s is the same bytes in pieces of at most 2 MB', async (_what, range, shift) => {
    const media = await reader.range('cam1', 'main', vodFileName(startMs, shift), range);
    const pieces = await piecesOf(media);
    const expected = shifted(shift).subarray(range?.start ?? 0, (range?.end ?? whole.length) + 1);
    expect(Buffer.concat(pieces).equals(expected)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(2 * megabyte);
    expect([media.rest !== undefined, media.totalBytes]).toEqual([expected.length > 2 * megabyte, whole.length]);
  });

  it('begins after the end: refused', async () => {
    const range = { start: whole.length, end: whole.length + 1 };
    await expect(reader.range('cam1', 'main', vodFileName(startMs, 0), range)).rejects.toMatchObject({
      code: 'range_invalid',
    });
  });
});
