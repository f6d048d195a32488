/** A larger box than this is no fragment of a camera's stream. */
const largestBox = 32 * 2 ** 20;
/** From 1900, where NTP counts from, to 1970. */
const ntpEpochMs = 2_208_988_800_000;

/** One piece of a push stream: an init (`ftyp`, `moov`), or a fragment with its time of capture (`prft`, `moof`, `mdat`). */
export type PushPiece =
  | { kind: 'init'; bytes: Uint8Array<ArrayBuffer>; timescale: number }
  | { kind: 'part'; bytes: Uint8Array<ArrayBuffer>; captureMs: number; mediaTime: number };

/**
 * Cuts the bytes of a push stream into inits and parts, at whatever places they come (ISO/IEC 14496-12; what a `prft` says stands at
 * `mediaPaths.push`). Throws when the bytes are none.
 */
export class PushReader {
  #buffer = new Uint8Array(64 * 1024);
  #length = 0;
  /** Of the piece that grows: where its next box begins. */
  #at = 0;
  #time: { captureMs: number; mediaTime: number } | null = null;

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
      if (type === 'moov') yield { kind: 'init', timescale: videoTimescale(box), bytes: this.#take() };
      if (type === 'mdat' && this.#time !== null) yield { kind: 'part', ...this.#time, bytes: this.#take() };
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
function producerTime(box: DataView): { captureMs: number; mediaTime: number } {
  const ntpMs = box.getUint32(16) * 1000 + (box.getUint32(20) * 1000) / 2 ** 32;
  // NTP's seconds begin anew in 2036.
  const era = ntpMs < ntpEpochMs ? 2 ** 32 * 1000 : 0;
  return { captureMs: ntpMs + era - ntpEpochMs, mediaTime: Number(box.getBigUint64(24)) };
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

function* boxesIn(view: DataView, from: number, to: number, type: string): Generator<{ body: number; end: number }> {
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) throw new Error('no MP4 box');
    const name = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 4, 4));
    if (name === type) yield { body: at + 8, end: at + size };
    at += size;
  }
}
