import { type Box, boxesIn, boxType, Fmp4Error, findBox, u16, u32 } from '../fmp4/boxes.ts';
import { readMoof } from '../fmp4/fragment.ts';
import { readInit } from '../fmp4/init.ts';

export type PictureCodec = 'h264' | 'h265' | 'mjpeg';

/** One picture that a decoder reads by itself: with its parameter sets in front, as an elementary stream. */
export interface KeyframePicture {
  codec: PictureCodec;
  bytes: Uint8Array;
}

/** A larger picture is none that a camera sends. */
const mostBytes = 8 * 2 ** 20;
const startCode = Uint8Array.of(0, 0, 0, 1);

/**
 * The first picture of an init and a fragment that begins with a keyframe, as it stands in an elementary stream (ISO/IEC 14496-10, annex B;
 * 23008-2, annex B; a JPEG as it is), so that pictures of many cameras can be decoded one behind the other. Null for other codecs.
 * Throws `Fmp4Error` when it does not fit together. Changes `hev1` to `hvc1` in place, as `readInit` does.
 */
export function keyframePicture(media: Uint8Array): KeyframePicture | null {
  const boxes = [...boxesIn(media, 0, media.length)];
  const moov = boxes.find(({ type }) => type === 'moov');
  const moof = boxes.find(({ type }) => type === 'moof');
  if (moov === undefined || moof === undefined) throw new Fmp4Error('no keyframe');
  const init = readInit(media.subarray(0, moov.end));
  if (init.codec === 'unknown') return null;
  const times = readMoof(media.subarray(moof.start, moof.end), init);
  const from = moof.start + (times?.dataOffset ?? 0);
  const to = from + (times?.sampleBytes[0] ?? 0);
  if (times === null || !times.keyframe || to <= from || to > media.length || to - from > mostBytes) {
    throw new Fmp4Error('no whole keyframe');
  }
  const sample = media.subarray(from, to);
  if (init.codec === 'mjpeg') return { codec: 'mjpeg', bytes: sample.slice() };
  const { sets, lengthBytes } = configuration(media, moov, init.codec);
  return { codec: init.codec, bytes: annexB([...sets, ...unitsOf(sample, lengthBytes)]) };
}

interface DecoderConfiguration {
  sets: Uint8Array[];
  /** Bytes of the length in front of each NAL unit. */
  lengthBytes: number;
}

/** Parameter sets of the video track (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1). */
function configuration(media: Uint8Array, moov: Box, codec: 'h264' | 'h265'): DecoderConfiguration {
  const [types, wanted] = codec === 'h264' ? [['avc1', 'avc3'], 'avcC'] : [['hvc1', 'hev1'], 'hvcC'];
  for (const trak of boxesIn(media, moov.body, moov.end)) {
    const stsd = trak.type === 'trak' ? findBox(media, trak.body, trak.end, ['mdia', 'minf', 'stbl', 'stsd']) : null;
    if (stsd === null || !types.includes(boxType(media, stsd.body + 12))) continue;
    const entry = { from: stsd.body + 8 + 86, to: stsd.body + 8 + u32(media, stsd.body + 8) };
    const box = findBox(media, entry.from, Math.min(entry.to, stsd.end), [wanted]);
    if (box === null) break;
    const bytes = media.subarray(box.body, box.end);
    return codec === 'h264' ? readAvc(bytes) : readHevc(bytes);
  }
  throw new Fmp4Error('no decoder configuration');
}

function readAvc(bytes: Uint8Array): DecoderConfiguration {
  const sequence = readSets(bytes, 6, (bytes[5] ?? 0) & 31);
  const picture = readSets(bytes, sequence.end + 1, bytes[sequence.end] ?? 0);
  return { sets: [...sequence.sets, ...picture.sets], lengthBytes: ((bytes[4] ?? 0) & 3) + 1 };
}

function readHevc(bytes: Uint8Array): DecoderConfiguration {
  const sets: Uint8Array[] = [];
  let at = 23;
  for (let array = bytes[22] ?? 0; array > 0; array -= 1) {
    const read = readSets(bytes, at + 3, u16(bytes, at + 1));
    sets.push(...read.sets);
    at = read.end;
  }
  return { sets, lengthBytes: ((bytes[21] ?? 0) & 3) + 1 };
}

function readSets(bytes: Uint8Array, from: number, count: number): { sets: Uint8Array[]; end: number } {
  const sets: Uint8Array[] = [];
  let at = from;
  for (let left = count; left > 0; left -= 1) {
    const end = at + 2 + u16(bytes, at);
    if (end > bytes.length) throw new Fmp4Error('a parameter set ends too early');
    sets.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { sets, end: at };
}

function unitsOf(sample: Uint8Array, lengthBytes: number): Uint8Array[] {
  const units: Uint8Array[] = [];
  let at = 0;
  while (at + lengthBytes < sample.length) {
    let length = 0;
    for (let i = 0; i < lengthBytes; i += 1) length = length * 256 + (sample[at + i] ?? 0);
    const from = at + lengthBytes;
    at = from + length;
    if (at > sample.length) throw new Fmp4Error('a NAL unit ends too early');
    units.push(sample.subarray(from, at));
  }
  return units;
}

function annexB(units: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(units.flatMap((unit) => [startCode, unit]));
}
