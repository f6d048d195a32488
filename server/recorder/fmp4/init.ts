import { createHash } from 'node:crypto';
import { type Box, boxesIn, boxType, Fmp4Error, findBox, u32 } from './boxes.ts';
import { readAudioSampleEntry, readVisualSampleEntry, type VideoFormat } from './codec-string.ts';

/** What a player and the reader of fragments need to know of a stream, from its `ftyp` and `moov`. */
export interface Init extends VideoFormat {
  bytes: Uint8Array;
  /** The same for inits that are the same, byte for byte. */
  id: string;
  /** Units a second of all times in the fragments of the video track. */
  timescale: number;
  trackId: number;
  defaultSampleDuration: number;
  defaultSampleFlags: number;
  defaultSampleBytes: number;
  /** The sound track, where there is one; its codec stands in `codecString` too. */
  audio: { trackId: number; timescale: number } | null;
}

/**
 * Reads the video track of an init segment (`ftyp` + `moov`, ISO/IEC 14496-12 section 8).
 * H.265 that ffmpeg names `hev1` is renamed `hvc1` in place. Throws `Fmp4Error` when there is no video track.
 */
export function readInit(bytes: Uint8Array): Init {
  const moov = findBox(bytes, 0, bytes.length, ['moov']);
  if (moov === null) throw new Fmp4Error('no moov');
  let video: { track: Track; format: VideoFormat } | null = null;
  let audio: (Track & { codecString: string }) | null = null;
  for (const trak of boxesIn(bytes, moov.body, moov.end)) {
    if (trak.type !== 'trak') continue;
    const hdlr = findBox(bytes, trak.body, trak.end, ['mdia', 'hdlr']);
    const handler = hdlr === null ? '' : boxType(bytes, hdlr.body + 8);
    if (handler === 'vide' && video === null) {
      const track = readTrack(bytes, trak);
      const { entry } = track;
      // `hev1` allows parameter sets in the stream and is refused by Safari; cameras send them in the configuration too.
      if (entry.type === 'hev1') {
        bytes.set([0x68, 0x76, 0x63, 0x31], entry.start + 4);
        entry.type = 'hvc1';
      }
      video = { track, format: readVisualSampleEntry(bytes, entry.start, entry.end, entry.type) };
    } else if (handler === 'soun' && audio === null) {
      const track = readTrack(bytes, trak);
      audio = { ...track, codecString: readAudioSampleEntry(bytes, track.entry) };
    }
  }
  if (video === null) throw new Fmp4Error('no video track');
  const { track, format } = video;
  const codecString = audio === null ? format.codecString : `${format.codecString},${audio.codecString}`;
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return {
    ...{ ...format, codecString, bytes, id, timescale: track.timescale, trackId: track.trackId },
    ...trackDefaults(bytes, moov.body, moov.end, track.trackId),
    audio: audio === null ? null : { trackId: audio.trackId, timescale: audio.timescale },
  };
}

interface Track {
  trackId: number;
  timescale: number;
  /** The first sample entry. */
  entry: Box;
}

function readTrack(bytes: Uint8Array, trak: Box): Track {
  const tkhd = need(findBox(bytes, trak.body, trak.end, ['tkhd']), 'tkhd');
  const mdhd = need(findBox(bytes, trak.body, trak.end, ['mdia', 'mdhd']), 'mdhd');
  const stsd = need(findBox(bytes, trak.body, trak.end, ['mdia', 'minf', 'stbl', 'stsd']), 'stsd');
  const trackId = u32(bytes, tkhd.body + (bytes[tkhd.body] === 1 ? 20 : 12));
  const timescale = u32(bytes, mdhd.body + (bytes[mdhd.body] === 1 ? 20 : 12));
  if (timescale === 0) throw new Fmp4Error('a timescale of zero');
  const [entry] = boxesIn(bytes, stsd.body + 8, stsd.end);
  if (entry === undefined) throw new Fmp4Error('no sample entry');
  return { trackId, timescale, entry };
}

function trackDefaults(bytes: Uint8Array, from: number, to: number, trackId: number) {
  const mvex = findBox(bytes, from, to, ['mvex']);
  if (mvex !== null) {
    for (const trex of boxesIn(bytes, mvex.body, mvex.end)) {
      if (trex.type !== 'trex' || u32(bytes, trex.body + 4) !== trackId) continue;
      return {
        defaultSampleDuration: u32(bytes, trex.body + 12),
        defaultSampleBytes: u32(bytes, trex.body + 16),
        defaultSampleFlags: u32(bytes, trex.body + 20),
      };
    }
  }
  return { defaultSampleDuration: 0, defaultSampleBytes: 0, defaultSampleFlags: 0 };
}

function need<T>(box: T | null, name: string): T {
  if (box === null) throw new Fmp4Error(`no ${name}`);
  return box;
}
