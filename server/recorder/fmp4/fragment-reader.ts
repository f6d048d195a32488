import { boxType, Fmp4Error, u32, u64 } from './boxes.ts';
import { type FragmentTimes, readMoof } from './fragment.ts';
import { type Init, readInit } from './init.ts';

/** One moof with its mdat. The mdat stays in the pieces in which it arrived, so that no frame is copied on its way to disk. */
export interface Fragment extends FragmentTimes {
  moof: Uint8Array;
  /** The whole mdat box, header included. */
  mdat: Uint8Array[];
  bytes: number;
}

export interface FragmentListener {
  init(init: Init): void;
  fragment(fragment: Fragment): void;
}

/** Bounds of box sizes: an init or index of a camera has kilobytes, a fragment of a very large picture a few megabytes. */
export const fmp4Limits = { metadataBytes: 4 * 2 ** 20, mdatBytes: 64 * 2 ** 20 };

/**
 * Cuts a stream of bytes into an init and fragments (ISO/IEC 14496-12; "init, then fragments" is all that leaves `stream/`).
 * Feed it with `push`; it throws `Fmp4Error` on anything that is no fragmented MP4 and must not be used after that.
 */
export class FragmentReader {
  readonly #listener: FragmentListener;
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** Size of the box whose header has been read, or 0 when a header is awaited. */
  #need = 0;
  #type = '';
  #ftyp: Uint8Array | null = null;
  #init: Init | null = null;
  #moof: Uint8Array | null = null;
  /** How many bytes of whole boxes have been read: where a torn tail begins. */
  consumedBytes = 0;

  constructor(listener: FragmentListener) {
    this.#listener = listener;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    for (;;) {
      if (this.#need === 0 && !this.#readHeader()) return;
      if (this.#held < this.#need) return;
      const size = this.#need;
      this.#need = 0;
      this.#box(this.#take(size));
      this.consumedBytes += size;
    }
  }

  #readHeader(): boolean {
    if (this.#held < 8) return false;
    const head = this.#peek(16);
    let size = u32(head, 0);
    if (size === 1) {
      if (head.length < 16) return false;
      size = u64(head, 8);
    }
    this.#type = boxType(head, 4);
    const limit = this.#type === 'mdat' ? fmp4Limits.mdatBytes : fmp4Limits.metadataBytes;
    if (size < 8 || size > limit) throw new Fmp4Error(`a box of ${size} bytes`);
    if (this.#ftyp === null && this.#type !== 'ftyp') throw new Fmp4Error('the stream does not begin with ftyp');
    this.#need = size;
    return true;
  }

  #box(pieces: Uint8Array[]): void {
    switch (this.#type) {
      case 'ftyp':
        this.#ftyp = joined(pieces);
        return;
      case 'moov':
        this.#init = readInit(joined([this.#ftyp ?? new Uint8Array(), ...pieces]));
        this.#listener.init(this.#init);
        return;
      case 'moof':
        this.#moof = joined(pieces);
        return;
      case 'mdat': {
        const moof = this.#moof;
        if (this.#init === null || moof === null) throw new Fmp4Error('media before its description');
        this.#moof = null;
        const times = readMoof(moof, this.#init);
        // Sound alone, as before the first picture: nothing begins with it, and no picture waits for it.
        if (times === null) return;
        const bytes = pieces.reduce((sum, piece) => sum + piece.length, moof.length);
        this.#listener.fragment({ ...times, moof, mdat: pieces, bytes });
        return;
      }
      default:
        // mfra, sidx, styp, free: nothing that recording needs.
        return;
    }
  }

  /** Up to `count` bytes from the front, without taking them. */
  #peek(count: number): Uint8Array {
    const first = this.#pieces[0];
    if (first !== undefined && first.length >= count) return first.subarray(0, count);
    return joined(this.#pieces).subarray(0, count);
  }

  #take(count: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    let left = count;
    let used = 0;
    while (left > 0) {
      const piece = this.#pieces[used];
      if (piece === undefined) break;
      if (piece.length <= left) {
        taken.push(piece);
        used += 1;
        left -= piece.length;
      } else {
        taken.push(piece.subarray(0, left));
        this.#pieces[used] = piece.subarray(left);
        left = 0;
      }
    }
    this.#pieces.splice(0, used);
    this.#held -= count;
    return taken;
  }
}

/** One contiguous array; no copy when there is one piece. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
