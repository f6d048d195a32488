/** Boxes of ISO/IEC 14496-12: a size of 32 bits, a type of four characters, and a size of 64 bits where the first says 1. */
export interface Box {
  type: string;
  /** Offset of the header and of what follows it, and the end of the box, in the buffer that was read. */
  start: number;
  body: number;
  end: number;
}

/** A stream that is no MP4, or hides a box larger than any camera makes. The stream is given up; others are untouched. */
export class Fmp4Error extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Fmp4Error';
  }
}

export function boxType(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
}

export function u16(bytes: Uint8Array, at: number): number {
  if (at + 2 > bytes.length) throw new Fmp4Error('a box ends too early');
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function u32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new Fmp4Error('a box ends too early');
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

/** A number of 64 bits; above 2^53 it is no time and no size that a camera has. */
export function u64(bytes: Uint8Array, at: number): number {
  const value = u32(bytes, at) * 2 ** 32 + u32(bytes, at + 4);
  if (!Number.isSafeInteger(value)) throw new Fmp4Error('a number is larger than any time or size');
  return value;
}

/** The boxes between `from` and `to`, in order. Throws when one reaches over the end of its parent. */
export function* boxesIn(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  let at = from;
  while (at < to) {
    if (at + 8 > to) throw new Fmp4Error('a box header ends too early');
    let size = u32(bytes, at);
    let body = at + 8;
    if (size === 1) {
      size = u64(bytes, at + 8);
      body = at + 16;
    }
    const end = at + size;
    if (end < body || end > to) throw new Fmp4Error('a box reaches over the end of its parent');
    yield { type: boxType(bytes, at + 4), start: at, body, end };
    at = end;
  }
}

/** The first box along a path of types, e.g. `['trak', 'mdia', 'mdhd']`, below [from, to). */
export function findBox(bytes: Uint8Array, from: number, to: number, path: readonly string[]): Box | null {
  const [type, ...rest] = path;
  for (const box of boxesIn(bytes, from, to)) {
    if (box.type !== type) continue;
    if (rest.length === 0) return box;
    const found = findBox(bytes, box.body, box.end, rest);
    if (found !== null) return found;
  }
  return null;
}
