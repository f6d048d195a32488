import { boxesIn, Fmp4Error, u32, u64 } from './boxes.ts';
import type { Init } from './init.ts';

/** What the `moof` of one fragment says of the video track (ISO/IEC 14496-12, 8.8). Times in units of the track's timescale. */
export interface FragmentTimes {
  baseDecodeTime: number;
  duration: number;
  samples: number;
  /** The first sample is a sync sample: decoding can begin here. */
  keyframe: boolean;
  /** Where `baseMediaDecodeTime` stands in the moof, and in how many bytes, so that it can be rewritten. */
  decodeTimeOffset: number;
  decodeTimeBytes: 4 | 8;
  /** Bytes of each sample, in order of decoding. */
  sampleBytes: number[];
  /** Where the first sample lies, counted from the start of the moof. */
  dataOffset: number;
}

const nonSync = 0x0001_0000;
/** More samples than this in one fragment is a count that lies. */
const maxSamples = 100_000;

/** Null when the fragment carries sound only. Throws `Fmp4Error` when it does not fit together. */
export function readMoof(bytes: Uint8Array, init: Init): FragmentTimes | null {
  const [moof] = boxesIn(bytes, 0, bytes.length);
  if (moof?.type !== 'moof') throw new Fmp4Error('no moof');
  for (const traf of boxesIn(bytes, moof.body, moof.end)) {
    if (traf.type !== 'traf') continue;
    const times = readTraf(bytes, traf.body, traf.end, init);
    if (times !== null) return times;
  }
  return null;
}

function readTraf(bytes: Uint8Array, from: number, to: number, init: Init): FragmentTimes | null {
  let duration = init.defaultSampleDuration;
  let flags = init.defaultSampleFlags;
  let size = init.defaultSampleBytes;
  let times: FragmentTimes | null = null;
  for (const box of boxesIn(bytes, from, to)) {
    if (box.type === 'tfhd') {
      if (u32(bytes, box.body + 4) !== init.trackId) return null;
      const defaults = readTfhd(bytes, box.body);
      duration = defaults.duration ?? duration;
      flags = defaults.flags ?? flags;
      size = defaults.size ?? size;
    } else if (box.type === 'tfdt') {
      const wide = bytes[box.body] === 1;
      const at = box.body + 4;
      times = {
        baseDecodeTime: wide ? u64(bytes, at) : u32(bytes, at),
        duration: 0,
        samples: 0,
        keyframe: false,
        decodeTimeOffset: at,
        decodeTimeBytes: wide ? 8 : 4,
        sampleBytes: [],
        dataOffset: 0,
      };
    } else if (box.type === 'trun') {
      if (times === null) throw new Fmp4Error('samples before their time');
      addTrun(bytes, box.body, times, { duration, flags, size });
    }
  }
  if (times === null) throw new Fmp4Error('a fragment without its time');
  return times;
}

function readTfhd(bytes: Uint8Array, body: number) {
  const present = u32(bytes, body) & 0xffffff;
  let at = body + 8;
  if (present & 0x01) at += 8;
  if (present & 0x02) at += 4;
  let duration: number | null = null;
  if (present & 0x08) {
    duration = u32(bytes, at);
    at += 4;
  }
  let size: number | null = null;
  if (present & 0x10) {
    size = u32(bytes, at);
    at += 4;
  }
  return { duration, size, flags: present & 0x20 ? u32(bytes, at) : null };
}

interface SampleDefaults {
  duration: number;
  flags: number;
  size: number;
}

function addTrun(bytes: Uint8Array, body: number, times: FragmentTimes, defaults: SampleDefaults): void {
  const present = u32(bytes, body) & 0xffffff;
  const count = u32(bytes, body + 4);
  if (count > maxSamples) throw new Fmp4Error('a fragment with too many samples');
  let at = body + 8;
  if (present & 0x01) {
    if (times.samples === 0) times.dataOffset = u32(bytes, at);
    at += 4;
  }
  let firstFlags = defaults.flags;
  if (present & 0x04) {
    firstFlags = u32(bytes, at);
    at += 4;
  } else if (present & 0x400 && count > 0) {
    firstFlags = u32(bytes, at + (present & 0x100 ? 4 : 0) + (present & 0x200 ? 4 : 0));
  }
  if (times.samples === 0 && count > 0) times.keyframe = (firstFlags & nonSync) === 0;
  times.samples += count;
  const step = 4 * (bit(present, 0x100) + bit(present, 0x200) + bit(present, 0x400) + bit(present, 0x800));
  const sizeAt = at + 4 * bit(present, 0x100);
  for (let i = 0; i < count; i += 1) {
    times.duration += present & 0x100 ? u32(bytes, at + i * step) : defaults.duration;
    times.sampleBytes.push(present & 0x200 ? u32(bytes, sizeAt + i * step) : defaults.size);
  }
}

const bit = (value: number, mask: number) => (value & mask ? 1 : 0);

/** The same moof with another `baseMediaDecodeTime`, and that of the sound moved as far; the box keeps its length. */
export function withDecodeTime(moof: Uint8Array, times: FragmentTimes, value: number, init: Init): Uint8Array {
  const copy = Uint8Array.from(moof);
  if (init.audio !== null) {
    shiftDecodeTimes(copy, value - times.baseDecodeTime, init);
    return copy;
  }
  const view = new DataView(copy.buffer);
  if (times.decodeTimeBytes === 8) view.setBigUint64(times.decodeTimeOffset, BigInt(value));
  else view.setUint32(times.decodeTimeOffset, value);
  return copy;
}

/**
 * Adds `shift` units to every `baseMediaDecodeTime` in whole fragments, in place: recorded files count from zero, a playlist over several
 * of them counts on. `shift` is in units of the video track; with `init` that of the sound track is told apart. Throws `Fmp4Error` on
 * anything but whole boxes.
 */
export function shiftDecodeTimes(bytes: Uint8Array, shift: number, init: Init | null = null): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const moof of boxesIn(bytes, 0, bytes.length)) {
    if (moof.type !== 'moof') continue;
    for (const traf of boxesIn(bytes, moof.body, moof.end)) {
      if (traf.type !== 'traf') continue;
      let units = shift;
      for (const box of boxesIn(bytes, traf.body, traf.end)) {
        const at = box.body + 4;
        if (box.type === 'tfhd' && init !== null && u32(bytes, at) === init.audio?.trackId) {
          units = Math.round((shift * init.audio.timescale) / init.timescale);
        }
        if (box.type !== 'tfdt') continue;
        if (bytes[box.body] === 1) view.setBigUint64(at, BigInt(Math.max(0, u64(bytes, at) + units)));
        else view.setUint32(at, Math.max(0, u32(bytes, at) + units));
      }
    }
  }
}
