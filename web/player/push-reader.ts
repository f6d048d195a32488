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
      const box = new DataView(this.#buffer.buffer, this.#at, size);
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

/** Section 8.16.5, version 1. */
function producerTime(box: DataView): { trackId: number; captureMs: number; mediaTime: number } {
  const ntpMs = box.getUint32(16) * 1000 + (box.getUint32(20) * 1000) / 2 ** 32;
  // NTP's seconds begin anew in 2036.
  const era = ntpMs < ntpEpochMs ? 2 ** 32 * 1000 : 0;
  return { trackId: box.getUint32(12), captureMs: ntpMs + era - ntpEpochMs, mediaTime: Number(box.getBigUint64(24)) };
}

/** Units a second of the video track, from a whole `moov`. */
function videoTimescale(moov: DataView): number {
  for (const trak of boxesIn(moov, 8, moov.byteLength, 'trak')) {
    for (const mdia of boxesIn(moov, trak.body, trak.end, 'mdia')) {
      const [hdlr] = boxesIn(moov, mdia.body, mdia.end, 'hdlr');
      const [mdhd] = boxesIn(moov, mdia.body, mdia.end, 'mdhd');
      if (hdlr === undefined || mdhd === undefined || moov.getUint32(hdlr.body + 8) !== 0x76696465) continue;
      const timescale = moov.getUint32(mdhd.body + (moov.getUint8(mdhd.body) === 1 ? 20 : 12));
      if (timescale > 0) return timescale;
    }
  }
  throw new Error('no video track');
}

const firstSampleFlags = 0x4;
const dataOffset = 0x1;
const sampleDuration = 0x100;
const sampleSize = 0x200;
const sampleFlags = 0x400;
const nonSync = 0x10000;

/** Whether the first sample of a track in a `moof` is a sync sample (sections 8.8.7, 8.8.8 and 8.8.3.1). */
function beginsWithKeyframe(moof: DataView, trackId: number): boolean {
  for (const traf of boxesIn(moof, 8, moof.byteLength, 'traf')) {
    const [tfhd] = boxesIn(moof, traf.body, traf.end, 'tfhd');
    const [trun] = boxesIn(moof, traf.body, traf.end, 'trun');
    if (tfhd === undefined || trun === undefined || moof.getUint32(tfhd.body + 4) !== trackId) continue;
    const flags = moof.getUint32(trun.body) & 0xffffff;
    const first = trun.body + 8 + (flags & dataOffset ? 4 : 0);
    if (flags & firstSampleFlags) return (moof.getUint32(first) & nonSync) === 0;
    if (flags & sampleFlags) {
      const at = first + (flags & sampleDuration ? 4 : 0) + (flags & sampleSize ? 4 : 0);
      return (moof.getUint32(at) & nonSync) === 0;
    }
    const defaults = moof.getUint32(tfhd.body) & 0xffffff;
    if ((defaults & 0x20) === 0) return false;
    const skipped =
      (defaults & 0x1 ? 8 : 0) + (defaults & 0x2 ? 4 : 0) + (defaults & 0x8 ? 4 : 0) + (defaults & 0x10 ? 4 : 0);
    return (moof.getUint32(tfhd.body + 8 + skipped) & nonSync) === 0;
  }
  return false;
}

function* boxesIn(view: DataView, from: number, to: number, type: string): Generator<{ body: number; end: number }> {
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) throw new Error('no MP4 box');
    const name = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 4, 4));
    if (name === type) yield { body: at + 8, end: at + size };
    at += size;
  }
}
