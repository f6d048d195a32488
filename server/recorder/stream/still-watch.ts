/** When a picture counts as frozen. */
export const stillLimits = {
  /** Told within a minute: this long, and up to ten seconds until the GOP that was seen first begins again. */
  stillMs: 48_000,
  /** A frame that changes nothing takes no more bytes than this share of its pixels, and hardly more than another such frame. */
  bytesPerPixel: 1 / 4096,
  leastBytes: 64,
  spreadBytes: 8,
};

/** GOPs of more frames than this are judged by their frames' sizes only. */
const mostFrames = 1000;

/**
 * Tells from the sizes of coded frames alone whether a picture is frozen: every GOP has the same sizes, frame by frame, as the one before
 * it, or all frames between keyframes are next to empty and equally so. A quiet scene has neither: noise and light change some frame.
 */
export class StillWatch {
  readonly #emptyBytes: number;
  #gop: number[] = [];
  #previous: number[] | null = null;
  /** Since when each of the two signs has held, in ms of a clock that never runs backwards; null while it does not. */
  #repeatsSinceMs: number | null = null;
  #emptySinceMs: number | null = null;
  #gopSinceMs = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  constructor(pixels: number) {
    this.#emptyBytes = Math.max(stillLimits.leastBytes, pixels * stillLimits.bytesPerPixel);
  }

  /** Takes the frames of a fragment; returns for how long the picture has been still. */
  push(sampleBytes: readonly number[], keyframe: boolean, nowMs: number): number {
    for (const [i, bytes] of sampleBytes.entries()) {
      if (keyframe && i === 0) this.#begin(nowMs);
      else this.#inter(bytes, nowMs);
      if (this.#gop.length <= mostFrames) this.#gop.push(bytes);
      if (this.#previous?.[this.#gop.length - 1] !== bytes) this.#repeatsSinceMs = null;
    }
    const sinceMs = Math.min(this.#repeatsSinceMs ?? nowMs, this.#emptySinceMs ?? nowMs);
    return nowMs - sinceMs;
  }

  /** A keyframe: the GOP before it is whole. */
  #begin(nowMs: number): void {
    if (this.#gop.length > mostFrames || this.#gop.length !== this.#previous?.length) this.#repeatsSinceMs = null;
    // What begins now may repeat the GOP that has just ended.
    this.#repeatsSinceMs ??= this.#gop.length === 0 ? null : this.#gopSinceMs;
    this.#previous = this.#gop;
    this.#gop = [];
    this.#gopSinceMs = nowMs;
  }

  #inter(bytes: number, nowMs: number): void {
    const least = Math.min(this.#least, bytes);
    const most = Math.max(this.#most, bytes);
    if (bytes <= this.#emptyBytes && most - least <= stillLimits.spreadBytes) {
      this.#emptySinceMs ??= nowMs;
      this.#least = least;
      this.#most = most;
      return;
    }
    this.#emptySinceMs = null;
    this.#least = Number.POSITIVE_INFINITY;
    this.#most = 0;
  }
}
