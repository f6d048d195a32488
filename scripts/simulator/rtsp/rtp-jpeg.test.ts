import { describe, expect, it } from 'vitest';
import { jpegPayloads, jpegScan, jpegsOf } from './rtp-jpeg.ts';

const segment = (marker: number, ...body: number[]) => [0xff, marker, 0, body.length + 2, ...body];
const table = (id: number, value: number) => [id, ...Array<number>(64).fill(value)];
const scan = Array.from({ length: 300 }, (_, n) => n % 200);

/** 640×360, baseline, 4:2:0. */
function jpeg({ tables = [table(0, 7), table(1, 9)], chroma = 1, more = [] as number[] } = {}): Buffer {
  const frame = [8, 1, 0x68, 2, 0x80, 3, 1, 0x22, 0, 2, 0x11, chroma, 3, 0x11, chroma];
  return Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, ...tables.flat()),
    ...more,
    ...segment(0xc0, ...frame),
    ...segment(0xda, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0),
    ...scan,
    ...[0xff, 0xd9],
  ]);
}

describe('a JPEG over RTP', () => {
  it('is its scan, with what its headers say before it, cut to packets', () => {
    const [first, ...others] = jpegPayloads(jpegScan(jpeg()), 200);
    expect([...first!.subarray(0, 12)]).toEqual([0, 0, 0, 0, 1, 255, 80, 45, 0, 0, 0, 128]);
    expect([...first!.subarray(12, 140)]).toEqual([...Array(64).fill(7), ...Array(64).fill(9)]);
    expect([...others[0]!.subarray(0, 8)]).toEqual([0, 0, 0, 60, 1, 255, 80, 45]);
    for (const payload of [first!, ...others]) expect(payload.length).toBeLessThanOrEqual(200);
    const sent = Buffer.concat([first!.subarray(140), ...others.map((payload) => payload.subarray(8))]);
    expect([...sent]).toEqual(scan);
  });

  it('whose colours share a table says it twice', () => {
    const { tables } = jpegScan(jpeg({ tables: [table(0, 7)], chroma: 0 }));
    expect([...tables]).toEqual(Array(128).fill(7));
  });

  it('is found in a file of many', () => {
    const two = Buffer.concat([jpeg(), jpeg()]);
    expect(jpegsOf(two).map(({ offset, jpeg: one }) => [offset, one.length])).toEqual([
      [0, two.length / 2],
      [two.length / 2, two.length / 2],
    ]);
  });

  it('that RTP cannot carry is refused', () => {
    expect(() => jpegScan(jpeg({ more: segment(0xdd, 0, 4) }))).toThrow('restart');
    expect(() => jpegScan(jpeg({ tables: [table(0, 7)] }))).toThrow('tables');
    expect(() => jpegsOf(Buffer.from('no picture'))).toThrow('no JPEG');
  });
});
