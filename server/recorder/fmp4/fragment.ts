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
}

const nonSync = 0x0001_0000;
/** More samples than this in one fragment is a count that lies. */
const maxSamples = 100_000;

/** Throws `Fmp4Error` when the fragment has no video track or does not fit together. */
export function readMoof(bytes: Uint8Array, init: Init): FragmentTimes {
  const [moof] = boxesIn(bytes, 0, bytes.length);
  if (moof?.type !== 'moof') throw new Fmp4Error('no moof');
  for (const traf of boxesIn(bytes, moof.body, moof.end)) {
    if (traf.type !== 'traf') continue;
    const times = readTraf(bytes, traf.body, traf.end, init);
    if (times !== null) return times;
  }
  throw new Fmp4Error('a fragment without video');
}

function readTraf(bytes: Uint8Array, from: number, to: number, init: Init): FragmentTimes | null {
  let duration = init.defaultSampleDuration;
  let flags = init.defaultSampleFlags;
  let times: FragmentTimes | null = null;
  for (const box of boxesIn(bytes, from, to)) {
    if (box.type === 'tfhd') {
      if (u32(bytes, box.body + 4) !== init.trackId) return null;
      const defaults = readTfhd(bytes, box.body);
      duration = defaults.duration ?? duration;
      flags = defaults.flags ?? flags;
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
      };
    } else if (box.type === 'trun') {
      if (times === null) throw new Fmp4Error('samples before their time');
      addTrun(bytes, box.body, times, duration, flags);
    }
  }
  if (times === null) throw new Fmp4Error('a fragment without its time');
  return times;
}

function readTfhd(bytes: Uint8Array, body: number): { duration: number | null; flags: number | null } {
  const present = u32(bytes, body) & 0xffffff;
  let at = body + 8;
  if (present & 0x01) at += 8;
  if (present & 0x02) at += 4;
  let duration: number | null = null;
  if (present & 0x08) {
    duration = u32(bytes, at);
    at += 4;
  }
  if (present & 0x10) at += 4;
  return { duration, flags: present & 0x20 ? u32(bytes, at) : null };
}

function addTrun(bytes: Uint8Array, body: number, times: FragmentTimes, duration: number, flags: number): void {
  const present = u32(bytes, body) & 0xffffff;
  const count = u32(bytes, body + 4);
  if (count > maxSamples) throw new Fmp4Error('a fragment with too many samples');
  let at = body + 8;
  if (present & 0x01) at += 4;
  let firstFlags = flags;
  if (present & 0x04) {
    firstFlags = u32(bytes, at);
    at += 4;
  } else if (present & 0x400 && count > 0) {
    firstFlags = u32(bytes, at + (present & 0x100 ? 4 : 0) + (present & 0x200 ? 4 : 0));
  }
  if (times.samples === 0 && count > 0) times.keyframe = (firstFlags & nonSync) === 0;
  times.samples += count;
  if (present & 0x100) {
    const step = 4 * (1 + bit(present, 0x200) + bit(present, 0x400) + bit(present, 0x800));
    for (let i = 0; i < count; i += 1) times.duration += u32(bytes, at + i * step);
  } else {
    times.duration += count * duration;
  }
}

const bit = (value: number, mask: number) => (value & mask ? 1 : 0);

/** The same moof with another `baseMediaDecodeTime`; the box keeps its length. */
export function withDecodeTime(moof: Uint8Array, times: FragmentTimes, value: number): Uint8Array {
  const copy = Uint8Array.from(moof);
  const view = new DataView(copy.buffer);
  if (times.decodeTimeBytes === 8) view.setBigUint64(times.decodeTimeOffset, BigInt(value));
  else view.setUint32(times.decodeTimeOffset, value);
  return copy;
}

/**
 * Adds `shift` units to every `baseMediaDecodeTime` in whole fragments, in place: recorded files count from zero, a playlist over several
 * of them counts on. Throws `Fmp4Error` on anything but whole boxes.
 */
export function shiftDecodeTimes(bytes: Uint8Array, shift: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const moof of boxesIn(bytes, 0, bytes.length)) {
    if (moof.type !== 'moof') continue;
    for (const traf of boxesIn(bytes, moof.body, moof.end)) {
      if (traf.type !== 'traf') continue;
      for (const box of boxesIn(bytes, traf.body, traf.end)) {
        if (box.type !== 'tfdt') continue;
        const at = box.body + 4;
        if (bytes[box.body] === 1) view.setBigUint64(at, BigInt(Math.max(0, u64(bytes, at) + shift)));
        else view.setUint32(at, Math.max(0, u32(bytes, at) + shift));
      }
    }
  }
}
