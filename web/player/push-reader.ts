import { boxes, child, pictureTrack } from './mp4-boxes.ts';

/** A larger box than this is no fragment of a camera's stream. */
const largestBox = 32 * 2 ** 20;
/** From 1900, where NTP counts from, to 1970. */
const ntpEpochMs = 2_208_988_800_000;

/** One piece of a push stream: an init (`ftyp`, `moov`), or a fragment with its time of capture (`prft`, `moof`, `mdat`). */
export type PushPiece =
  | { kind: 'init'; bytes: Uint8Array<ArrayBuffer>; timescale: number }
  | { kind: 'part'; bytes: Uint8Array<ArrayBuffer>; captureMs: number; mediaTime: number; keyframe: boolean };

/**
 * Cuts the bytes of a push stream into inits and parts, at whatever places they come (ISO/IEC 14496-12; what a `prft` says stands at
 * `mediaPaths.push`). Throws when the bytes are none.
 */
export class PushReader {
  #buffer = new Uint8Array(64 * 1024);
  #length = 0;
  /** Of the piece that grows: where its next box begins. */
  #at = 0;
  #time: { trackId: number; captureMs: number; mediaTime: number } | null = null;
  #keyframe = false;

  *push(chunk: Uint8Array): Generator<PushPiece> {
    this.#add(chunk);
    for (;;) {
      if (this.#length - this.#at < 8) return;
      const view = new DataView(this.#buffer.buffer, this.#at, 8);
      const size = view.getUint32(0);
      if (size < 8 || this.#at + size > largestBox) throw new Error('no MP4 box');
      if (this.#length - this.#at < size) return;
      const type = String.fromCharCode(...this.#buffer.subarray(this.#at + 4, this.#at + 8));
      const box = new DataView(this.#buffer.buffer, this.#at + 8, size - 8);
      this.#at += size;
      if (type === 'prft') this.#time = producerTime(box);
      if (type === 'moof' && this.#time !== null) this.#keyframe = beginsWithKeyframe(box, this.#time.trackId);
      if (type === 'moov') yield { kind: 'init', timescale: videoTimescale(box), bytes: this.#take() };
      if (type === 'mdat' && this.#time !== null) {
        const { captureMs, mediaTime } = this.#time;
        yield { kind: 'part', captureMs, mediaTime, keyframe: this.#keyframe, bytes: this.#take() };
      }
    }
  }

  /** What stands before the next box, which then stands at the beginning. */
  #take(): Uint8Array<ArrayBuffer> {
    const taken = this.#buffer.slice(0, this.#at);
    this.#buffer.copyWithin(0, this.#at, this.#length);
    this.#length -= this.#at;
    this.#at = 0;
    return taken;
  }

  #add(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
  }
}

/** The content of a `prft` (section 8.16.5, version 1). */
function producerTime(box: DataView): { trackId: number; captureMs: number; mediaTime: number } {
  const ntpMs = box.getUint32(8) * 1000 + (box.getUint32(12) * 1000) / 2 ** 32;
  // NTP's seconds begin anew in 2036.
  const era = ntpMs < ntpEpochMs ? 2 ** 32 * 1000 : 0;
  return { trackId: box.getUint32(4), captureMs: ntpMs + era - ntpEpochMs, mediaTime: Number(box.getBigUint64(16)) };
}

/** Units a second of the picture's track, from the content of a `moov`. */
function videoTimescale(moov: DataView): number {
  const timescale = pictureTrack(moov)?.timescale ?? 0;
  if (timescale === 0) throw new Error('no video track');
  return timescale;
}

const firstSampleFlags = 0x4;
const dataOffset = 0x1;
const sampleDuration = 0x100;
const sampleSize = 0x200;
const sampleFlags = 0x400;
const nonSync = 0x10000;

/** Whether the first sample of a track in the content of a `moof` is a sync sample (sections 8.8.7, 8.8.8 and 8.8.3.1). */
function beginsWithKeyframe(moof: DataView, trackId: number): boolean {
  for (const { type, view: traf } of boxes(moof)) {
    if (type !== 'traf') continue;
    const [tfhd, trun] = [child(traf, 'tfhd'), child(traf, 'trun')];
    if (tfhd === undefined || trun === undefined || tfhd.getUint32(4) !== trackId) continue;
    const flags = trun.getUint32(0);
    const first = 8 + (flags & dataOffset ? 4 : 0);
    if (flags & firstSampleFlags) return (trun.getUint32(first) & nonSync) === 0;
    if (flags & sampleFlags) {
      const at = first + (flags & sampleDuration ? 4 : 0) + (flags & sampleSize ? 4 : 0);
      return (trun.getUint32(at) & nonSync) === 0;
    }
    const defaults = tfhd.getUint32(0);
    if ((defaults & 0x20) === 0) return false;
    const skipped =
      (defaults & 0x1 ? 8 : 0) + (defaults & 0x2 ? 4 : 0) + (defaults & 0x8 ? 4 : 0) + (defaults & 0x10 ? 4 : 0);
    return (tfhd.getUint32(8 + skipped) & nonSync) === 0;
  }
  return false;
}
