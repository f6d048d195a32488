/** Where decoding can begin in a recording file. */
export interface KeyframeEntry {
  /** From the start of the file, in units of its timescale. */
  time: number;
  /** Offset of the fragment in the file, in bytes. */
  offset: number;
}

/** Compact form for the index: for each keyframe the steps of time and offset as variable-length integers (LEB128). */
export function encodeKeyframes(entries: readonly KeyframeEntry[]): Uint8Array {
  const out: number[] = [];
  let previous: KeyframeEntry = { time: 0, offset: 0 };
  for (const entry of entries) {
    writeVarint(out, entry.time - previous.time);
    writeVarint(out, entry.offset - previous.offset);
    previous = entry;
  }
  return Uint8Array.from(out);
}

/** Throws `RangeError` on bytes that are no table. */
export function decodeKeyframes(bytes: Uint8Array): KeyframeEntry[] {
  const entries: KeyframeEntry[] = [];
  let at = 0;
  let time = 0;
  let offset = 0;
  const read = () => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined || factor > 2 ** 49) throw new RangeError('broken keyframe table');
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (at < bytes.length) {
    time += read();
    offset += read();
    entries.push({ time, offset });
  }
  return entries;
}

function writeVarint(out: number[], value: number): void {
  let left = value;
  while (left >= 128) {
    out.push((left % 128) | 0x80);
    left = Math.floor(left / 128);
  }
  out.push(left);
}
