import { boxesIn, u32, u64 } from './boxes.ts';
import type { Init } from './init.ts';

interface Sample {
  duration: number;
  bytes: number;
  flags: number;
}

/** The samples of one track in one fragment. Times in units of the track. */
export interface TrackSamples {
  trackId: number;
  startTime: number;
  endTime: number;
  /** Samples that lie behind each other; `at` counts from the first byte after the header of the mdat. */
  runs: { at: number; samples: Sample[] }[];
}

const mdatHeaderBytes = 8;
/** Bits of tfhd and trun (ISO/IEC 14496-12, 8.8.7 and 8.8.8). */
const tfhdBits = { baseDataOffset: 0x01, descriptionIndex: 0x02, duration: 0x08, bytes: 0x10, flags: 0x20 };
const trunBits = {
  ...{ dataOffset: 0x01, firstFlags: 0x04, duration: 0x100, bytes: 0x200, flags: 0x400, compositionOffset: 0x800 },
};

/** The number that a `moof` carries; 0 where it does not begin with it. */
export function sequenceNumberOf(moof: Uint8Array): number {
  const [outer] = boxesIn(moof, 0, moof.length);
  const [header] = outer === undefined ? [] : boxesIn(moof, outer.body, outer.end);
  return header?.type === 'mfhd' ? u32(moof, header.body + 4) : 0;
}

/**
 * What the tracks of a `moof` hold, sample by sample; null where samples are shown in another order than they come in, or where they lie is
 * told in a way that ours is not. Throws `Fmp4Error` on broken boxes.
 */
export function readTracks(moof: Uint8Array, init: Init): TrackSamples[] | null {
  const tracks: TrackSamples[] = [];
  const [outer] = boxesIn(moof, 0, moof.length);
  for (const traf of outer === undefined ? [] : boxesIn(moof, outer.body, outer.end)) {
    if (traf.type !== 'traf') continue;
    const track = readTrack(moof, traf.body, traf.end, init);
    if (track === null) return null;
    tracks.push(track);
  }
  return tracks;
}

function readTrack(moof: Uint8Array, from: number, to: number, init: Init): TrackSamples | null {
  let defaults: { [key in keyof Sample]: number | null } = { duration: null, bytes: null, flags: null };
  const track: TrackSamples = { trackId: 0, startTime: 0, endTime: 0, runs: [] };
  for (const { type, body } of boxesIn(moof, from, to)) {
    const present = u32(moof, body) & 0xffffff;
    if (type === 'tfhd') {
      if (present & tfhdBits.baseDataOffset) return null;
      track.trackId = u32(moof, body + 4);
      let at = body + 8 + (present & tfhdBits.descriptionIndex ? 4 : 0);
      const next = (bit: number, otherwise: number) => {
        if (!(present & bit)) return track.trackId === init.trackId ? otherwise : null;
        at += 4;
        return u32(moof, at - 4);
      };
      defaults = {
        duration: next(tfhdBits.duration, init.defaultSampleDuration),
        bytes: next(tfhdBits.bytes, init.defaultSampleBytes),
        flags: next(tfhdBits.flags, init.defaultSampleFlags),
      };
    } else if (type === 'tfdt') {
      track.startTime = moof[body] === 1 ? u64(moof, body + 4) : u32(moof, body + 4);
      track.endTime = track.startTime;
    } else if (type === 'trun') {
      if (present & trunBits.compositionOffset || !(present & trunBits.dataOffset)) return null;
      const at = u32(moof, body + 8) - moof.length - mdatHeaderBytes;
      const samples = readSamples(moof, body, present, defaults);
      if (at < 0 || samples === null) return null;
      track.runs.push({ at, samples });
      for (const { duration } of samples) track.endTime += duration;
    }
  }
  return track;
}

function readSamples(
  moof: Uint8Array,
  body: number,
  present: number,
  defaults: { [key in keyof Sample]: number | null },
): Sample[] | null {
  const samples: Sample[] = [];
  const count = u32(moof, body + 4);
  let at = body + 12;
  const next = () => {
    at += 4;
    return u32(moof, at - 4);
  };
  const firstFlags = present & trunBits.firstFlags ? next() : null;
  for (let n = 0; n < count; n += 1) {
    const duration = present & trunBits.duration ? next() : defaults.duration;
    const bytes = present & trunBits.bytes ? next() : defaults.bytes;
    const own = present & trunBits.flags ? next() : defaults.flags;
    const flags = n === 0 ? (firstFlags ?? own) : own;
    if (duration === null || bytes === null || flags === null) return null;
    samples.push({ duration, bytes, flags });
  }
  return samples;
}

/**
 * One `moof` over the samples of several fragments, whose media (of these lengths) stand behind each other in one mdat with a header of eight
 * bytes. Every sample tells its own duration, size and flags.
 */
export function writeMoof(
  fragments: readonly TrackSamples[][],
  mediaBytes: readonly number[],
  sequenceNumber: number,
): Buffer {
  const runs = new Map<number, { startTime: number; runs: TrackSamples['runs'] }>();
  let before = 0;
  for (const [n, tracks] of fragments.entries()) {
    for (const track of tracks) {
      const known = runs.get(track.trackId) ?? { startTime: track.startTime, runs: [] };
      runs.set(track.trackId, known);
      for (const { at, samples } of track.runs) known.runs.push({ at: before + at, samples });
    }
    before += mediaBytes[n] ?? 0;
  }
  const trafs = (moofBytes: number) =>
    [...runs].map(([trackId, track]) =>
      box(
        'traf',
        // default-base-is-moof
        box('tfhd', u32be(0x02_0000, trackId)),
        box('tfdt', u32be(0x0100_0000, Math.floor(track.startTime / 2 ** 32), track.startTime % 2 ** 32)),
        ...track.runs.map(({ at, samples }) => {
          const present = trunBits.dataOffset | trunBits.duration | trunBits.bytes | trunBits.flags;
          const each = samples.flatMap(({ duration, bytes, flags }) => [duration, bytes, flags]);
          return box('trun', u32be(present, samples.length, moofBytes + mdatHeaderBytes + at, ...each));
        }),
      ),
    );
  const moof = (moofBytes: number) => box('moof', box('mfhd', u32be(0, sequenceNumber)), ...trafs(moofBytes));
  return moof(moof(0).length);
}

function box(type: string, ...content: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.reduce((sum, part) => sum + part.length, 0), 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...content]);
}

function u32be(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [n, value] of values.entries()) bytes.writeUInt32BE(value, n * 4);
  return bytes;
}
