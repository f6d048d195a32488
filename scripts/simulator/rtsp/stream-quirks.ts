/** What goes wrong in a stream that otherwise plays; each off unless set. */
export interface StreamQuirks {
  /** The GOP at hand again and again, with timestamps that go on: the picture has frozen inside the camera. */
  stillPicture?: boolean;
  /** A client gets the frame at hand first, and its first keyframe whenever that comes. */
  startsAnywhere?: boolean;
  /** A second with every frame, then a second with every fourth place only: a camera that lowers its rate in the dark. */
  unevenRate?: boolean;
  /** `payload`: every third packet carries noise; `between`: noise between packets, as after a lost byte on the way. */
  garbage?: 'payload' | 'between';
  /** Timestamps are moved by this much. */
  timestampShiftMs?: number;
  /** Every frame carries the timestamp of the first. */
  timestampsStand?: boolean;
  /** How fast the camera's own clock runs; 1.01 is one part in a hundred too fast. */
  clockRate?: number;
}

/** Counts a stream's frames: which one is sent at a tick, and at what time of the camera. */
export class FrameCursor {
  #skipped = 0;
  #still: { first: number; length: number } | null = null;
  #standing: number | null = null;
  #rate: { from: number; factor: number } | null = null;

  /** The frame of the clip to be sent at this tick, or null for none. */
  frameAt(tick: number, keyframes: Uint8Array, quirks: StreamQuirks): number | null {
    if (quirks.unevenRate && tick % 50 >= 25 && tick % 4 !== 0) {
      this.#skipped += 1;
      return null;
    }
    const frames = keyframes.length;
    const frame = (((tick - this.#skipped) % frames) + frames) % frames;
    if (!quirks.stillPicture) {
      this.#still = null;
      return frame;
    }
    if (this.#still === null && keyframes[frame] === 1) {
      const next = keyframes.indexOf(1, frame + 1);
      this.#still = { first: tick, length: (next < 0 ? frames : next) - frame };
    }
    if (this.#still === null) return frame;
    const { first, length } = this.#still;
    const start = (((first - this.#skipped) % frames) + frames) % frames;
    return start + ((tick - first) % length);
  }

  /** Ticks since the epoch as the camera's clock counts them, whole or not. */
  cameraTick(tick: number, ticksASecond: number, quirks: StreamQuirks): number {
    const { clockRate, timestampShiftMs = 0, timestampsStand } = quirks;
    if (clockRate === undefined) this.#rate = null;
    else this.#rate ??= { from: tick, factor: clockRate };
    const even = this.#rate === null ? tick : this.#rate.from + (tick - this.#rate.from) * this.#rate.factor;
    const shifted = even + (timestampShiftMs * ticksASecond) / 1000;
    if (!timestampsStand) {
      this.#standing = null;
      return shifted;
    }
    this.#standing ??= shifted;
    return this.#standing;
  }
}

/** Noise in every third packet of a frame, headers left whole; the same for the same frame. */
export function spoilPayloads(packets: Buffer, seed: number): void {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  let count = seed % 3;
  for (let at = 0; at < packets.length; count += 1) {
    const end = at + 4 + packets.readUInt16BE(at + 2);
    if (count % 3 === 0) {
      for (let i = at + 16; i < end; i += 1) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        packets[i] = state & 0xff;
      }
    }
    at = end;
  }
}

/** Bytes that are no packet: without `$`, so that a reader finds the next one. */
export function noise(length: number, seed: number): Buffer {
  return Buffer.from(
    Array.from({ length }, (_, i) => {
      const byte = (seed * 31 + i * 167) & 0xff;
      return byte === 0x24 ? 0x25 : byte;
    }),
  );
}
