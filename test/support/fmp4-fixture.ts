/** Fragmented MP4 made by hand, box by box (ISO/IEC 14496-12), for tests that need exact times and sizes. */
export function box(type: string, ...content: (Uint8Array | number[])[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

export const u32be = (...values: number[]) =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes;
    }),
  );

export const timescale = 90_000;
/** 25 frames a second. */
export const frame = 3600;

const avcC = box('avcC', [1, 0x64, 0x00, 0x28, 0xff, 0xe1, 0, 0]);
const hvcC = box('hvcC', [1, 0x01, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93], new Uint8Array(10));

/** `ftyp` and `moov` with one video track of 640×360. */
export function initSegment(codec: 'avc1' | 'hev1' | 'hvc1' = 'avc1', width = 640): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(width, 0);
  size.writeUInt16BE(360, 2);
  const entry = box(codec, new Uint8Array(24), size, new Uint8Array(50), codec === 'avc1' ? avcC : hvcC);
  const hdlr = box('hdlr', u32be(0, 0), Buffer.from('vide'), new Uint8Array(13));
  const mdhd = box('mdhd', u32be(0, 0, 0, timescale, 0, 0));
  const stbl = box('stbl', box('stsd', u32be(0, 1), entry));
  const trak = box(
    'trak',
    box('tkhd', u32be(0, 0, 0, 1), new Uint8Array(68)),
    box('mdia', mdhd, hdlr, box('minf', stbl)),
  );
  const mvex = box('mvex', box('trex', u32be(0, 1, 1, 0, 0, 0)));
  return Buffer.concat([box('ftyp', Buffer.from('iso5'), u32be(512)), box('moov', trak, mvex)]);
}

export interface FragmentOptions {
  frames?: number;
  keyframe?: boolean;
  payload?: number;
  /** Of each frame, in units of the timescale. */
  duration?: number;
}

/** One `moof` and `mdat`; `time` is its decode time in units of the timescale. */
export function fragment(
  time: number,
  { frames = 5, keyframe = false, payload = 100, duration = frame }: FragmentOptions = {},
): Buffer {
  const tfhd = box('tfhd', u32be(0x020028, 1, duration, 0x0101_0000));
  const tfdt = box('tfdt', u32be(0x0100_0000, Math.floor(time / 2 ** 32), time));
  const sizes = Array.from({ length: frames }, () => 1);
  const trun = keyframe
    ? box('trun', u32be(0x205, frames, 0, 0x0200_0000, ...sizes))
    : box('trun', u32be(0x201, frames, 0, ...sizes));
  return Buffer.concat([
    box('moof', box('mfhd', u32be(0, 1)), box('traf', tfhd, tfdt, trun)),
    box('mdat', new Uint8Array(payload)),
  ]);
}

/** Groups of pictures of one second: five fragments each, the first with the keyframe. */
export function secondsOf(count: number, fromTime = 0, payload = 100): Buffer[] {
  return Array.from({ length: count * 5 }, (_, i) =>
    fragment(fromTime + i * 5 * frame, { keyframe: i % 5 === 0, payload }),
  );
}
